/** In which order the servers of a service are tried (RFC 2782). */
import type { Random } from '../../lib/random.ts'
import type { SrvData } from './records.ts'

/**
 * Takes the next server out of `left`: of the lowest priority, one by chance in proportion to its
 * weight (`balanced`, dns_srv_lb), else the heaviest.
 */
export function takeServer(left: SrvData[], balanced: boolean, random: Random): SrvData {
  let lowest = left[0]!.priority
  for (const server of left) if (server.priority < lowest) lowest = server.priority
  const index = balanced ? byChance(left, lowest, random) : heaviest(left, lowest)
  return left.splice(index, 1)[0]!
}

function heaviest(left: readonly SrvData[], priority: number): number {
  let best = -1
  for (let i = 0; i < left.length; i++) {
    const server = left[i]!
    if (server.priority === priority && (best < 0 || server.weight > left[best]!.weight)) best = i
  }
  return best
}

function byChance(left: readonly SrvData[], priority: number, random: Random): number {
  const here: number[] = []
  let sum = 0
  // RFC 2782: all those with weight 0 are placed at the beginning of the list.
  for (let i = 0; i < left.length; i++)
    if (left[i]!.priority === priority && left[i]!.weight === 0) here.push(i)
  for (let i = 0; i < left.length; i++) {
    if (left[i]!.priority !== priority) continue
    if (left[i]!.weight > 0) here.push(i)
    sum += left[i]!.weight
  }
  // RFC 2782: a uniform random number between 0 and the sum (inclusive); the first whose running
  // sum is greater than or equal to it is selected.
  const chosen = random.uint32() % (sum + 1)
  let running = 0
  for (const index of here) {
    running += left[index]!.weight
    if (running >= chosen) return index
  }
  return here.at(-1)!
}
