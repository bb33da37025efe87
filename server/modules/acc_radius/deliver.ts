/**
 * From the spool to the servers. Records of one call go one after the other, those of several calls
 * side by side. A server may get a record twice when an answer was lost or the node was killed:
 * RADIUS has no transactions. All that tells one record from another is kept with it, so that it
 * comes again as it was, but for Acct-Delay-Time.
 */
import type { CountersOf } from '../../core/module/index.ts'
import type { Batch } from '../../core/spool/reader.ts'
import type { Spool } from '../../core/spool/spool.ts'
import type { Clock } from '../../lib/clock.ts'
import type { RadiusClient } from '../../lib/radius/client.ts'
import { ACCOUNTING_REQUEST, ACCT_DELAY_TIME, type Attribute } from '../../lib/radius/packet.ts'
import type { AccountingRecord } from '../acc/api.ts'
import type { stats } from './acc_radius.module.ts'

/** Milliseconds, Call-ID, and vendor, type and bytes of each attribute. */
type Kept = readonly [time: number, session: string, attributes: readonly KeptAttribute[]]
type KeptAttribute = readonly [vendor: number, type: number, value: string]

/** Requests under way; a server has numbers for 256. */
const WINDOW = 64

export function encodeRequest(record: AccountingRecord, attributes: readonly Attribute[]): string {
  const kept = attributes.map(({ vendor, type, value }) => [vendor, type, value.toString('latin1')])
  return JSON.stringify([Math.floor(record.time), record.request.callId, kept])
}

export class RadiusDelivery {
  private readonly client: RadiusClient
  private readonly clock: Clock
  private readonly stats: CountersOf<typeof stats>
  /** Numbers of records that arrived although one before them did not. */
  private readonly ahead = new Set<number>()

  constructor(client: RadiusClient, clock: Clock, counters: CountersOf<typeof stats>) {
    this.client = client
    this.clock = clock
    this.stats = counters
  }

  async deliver({ first, records }: Batch, spool: Spool): Promise<number> {
    // As far as all before have arrived, that is noted at once: a kill is to repeat few.
    let arrived = 0
    const arrives = (number: number): void => {
      this.ahead.add(number)
      const before = arrived
      while (this.ahead.has(first + arrived)) arrived++
      if (arrived > before) spool.acknowledge(arrived)
    }
    const calls = new Map<string, Promise<void>>()
    const sent = records.slice(0, WINDOW).map((record, i) => {
      const number = first + i
      if (this.ahead.has(number)) return Promise.resolve()
      const kept = JSON.parse(record) as Kept
      const before = calls.get(kept[1]) ?? Promise.resolve()
      const done = before.then(() => this.send(kept)).then(() => arrives(number))
      calls.set(kept[1], done)
      return done
    })
    const results = await Promise.allSettled(sent)
    const bad = results.findIndex(({ status }) => status === 'rejected')
    const count = bad < 0 ? results.length : bad
    for (let i = 0; i < count; i++) this.ahead.delete(first + i)
    if (count === 0) throw (results[0] as PromiseRejectedResult).reason
    return count
  }

  private async send([time, , kept]: Kept): Promise<void> {
    const attributes = kept.map(
      ([vendor, type, value]): Attribute => ({ vendor, type, value: Buffer.from(value, 'latin1') }),
    )
    await this.client.exchange(ACCOUNTING_REQUEST, () => [...attributes, this.delay(time)])
    this.stats.answered.value++
  }

  /** RFC 2866 section 5.2: the seconds for which this record has waited. */
  private delay(time: number): Attribute {
    const value = Buffer.alloc(4)
    value.writeUInt32BE(Math.max(0, Math.floor((this.clock.now() - time) / 1000)))
    this.stats.sent.value++
    return { vendor: 0, type: ACCT_DELAY_TIME, value }
  }
}
