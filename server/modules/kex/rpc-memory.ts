/**
 * pkg.* and mod.*: memory by process and by module. One process does all the work here, and its
 * runtime does not count by module.
 */
import { Fault } from '../../../rpc/faults.ts'
import { memoryFacts } from '../../core/rpc/memory.ts'
import type { Kex } from './kex.ts'

/** The commands carry 32-bit integers. */
const int = (bytes: number): number => Math.min(bytes, 0x7fffffff)

interface ProcessMemory {
  entry: number
  pid: number
  rank: number
  used: number
  free: number
  real_used: number
  total_size: number
  total_frags: number
  desc: string
}

function ownMemory(): ProcessMemory {
  const memory = memoryFacts()
  return {
    entry: 0,
    pid: process.pid,
    rank: 0,
    used: int(memory.used),
    free: int(memory.free),
    real_used: int(memory.realUsed),
    total_size: int(memory.total),
    total_frags: memory.fragments,
    desc: 'main process - attendant',
  }
}

export function packageStats(_self: Kex, filter?: string, value?: number): ProcessMemory[] {
  if (filter === undefined) return [ownMemory()]
  if (filter !== 'pid' && filter !== 'rank' && filter !== 'index')
    throw new Fault(500, 'Invalid filter type')
  if (value === undefined) throw new Fault(500, 'One more parameter expected')
  if (filter === 'pid') {
    if (value !== process.pid) throw new Fault(500, 'No such pid')
    return [ownMemory()]
  }
  return value === 0 ? [ownMemory()] : []
}

export const packageInfo = (): { name: string; size: number } => ({
  name: 'v8',
  size: int(memoryFacts().total),
})

/**
 * Two kinds of memory for each module asked for; nothing is known of either, so the totals are 0.
 */
export function moduleStats(
  self: Kex,
  name: string,
  kind: string,
): (string | Record<string, number>)[] {
  const names = name === 'all' ? ['core', ...self.core.registry.moduleNames()] : [name]
  const kinds = kind === 'all' ? 2 : kind === 'pkg' || kind === 'shm' ? 1 : 0
  return [...new Set(names)].flatMap(each => [
    `Module: ${each}`,
    ...Array.from({ length: kinds }, () => ({ Total: 0 })),
    '',
  ])
}
