/** What the latency of answers does to the weights of destinations (attribute cc). */
import type { Destination } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { DestinationSet } from './set.ts'
import { PROBING } from './states.ts'

/** No answer in time. */
const TIMEOUT = 408
/** Precision of shares when all destinations are congested. */
const SHARE = 16

/** Milliseconds over the usual. */
const congestion = ({ latency }: Destination): number =>
  Math.max(0, Math.trunc(latency.estimate - latency.average))

function estimatePart(thousandths: number): number {
  const valid = thousandths > 0 && thousandths < 1000
  return (valid ? thousandths : 900) / 1000
}

/** A ping of `one` has ended. */
export function updateLatency(
  self: Dispatcher,
  set: DestinationSet,
  one: Destination,
  code: number,
): void {
  if ((one.flags & PROBING) === 0) return
  const { latency, attributes } = one
  if (code === TIMEOUT) latency.timeouts++
  if (latency.started === 0) return
  if (code !== TIMEOUT) {
    const alpha = estimatePart(self.config.ds_latency_estimator_alpha)
    latency.add(self.now() - latency.started, alpha)
  }
  if (!attributes.congestionControl || attributes.weight === 0) return
  const before = set.list.map(({ rweight }) => rweight)
  one.rweight = Math.max(0, attributes.weight - congestion(one))
  if (set.list.every(({ attributes }) => attributes.congestionControl)) {
    shareCongestion(set)
    if (set.list.some(({ rweight }, i) => rweight !== before[i]))
      set.spreadRelative(self.core.random)
  }
}

/** When all are congested, load goes by how much less than others. */
function shareCongestion(set: DestinationSet): void {
  const weighted = set.list.filter(({ attributes }) => attributes.weight > 0)
  const congested = (one: Destination): boolean => congestion(one) >= one.attributes.weight
  if (weighted.length < 2 || !weighted.every(congested)) return
  const total = weighted.reduce((sum, one) => sum + congestion(one), 0)
  for (const one of set.list)
    one.rweight = Math.floor((total * SHARE) / Math.max(1, congestion(one)))
}
