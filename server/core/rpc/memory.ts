/**
 * Memory in Kamailio's words: `shm` is the heap of the runtime, because that is where the location
 * table and the transactions live.
 */
import { getHeapStatistics } from 'node:v8'

export interface MemoryFacts {
  /** Bytes that the heap may grow to. */
  readonly total: number
  readonly free: number
  readonly used: number
  /** Bytes that the process holds of the system's memory. */
  readonly realUsed: number
  /** The most that it ever held. */
  readonly maxUsed: number
  /** Contexts of the runtime: nothing here is fragmented as a C heap is. */
  readonly fragments: number
}

export function memoryFacts(): MemoryFacts {
  const heap = getHeapStatistics()
  const used = heap.used_heap_size + heap.external_memory
  return {
    total: heap.heap_size_limit,
    free: Math.max(0, heap.heap_size_limit - used),
    used,
    realUsed: process.memoryUsage.rss(),
    maxUsed: process.resourceUsage().maxRSS * 1024,
    fragments: heap.number_of_native_contexts,
  }
}
