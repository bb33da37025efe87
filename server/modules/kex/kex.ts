/** The instance of kex. */
import type { Core } from '../../core/core.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import { type MemoryFacts, memoryFacts } from '../../core/rpc/memory.ts'

/** Statistics of the group `shmem`. */
const MEMORY: Record<string, keyof MemoryFacts> = {
  fragments: 'fragments',
  free_size: 'free',
  max_used_size: 'maxUsed',
  real_used_size: 'realUsed',
  total_size: 'total',
  used_size: 'used',
}

export class Kex {
  readonly core: Core
  private names = 0

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
    for (const [name, fact] of Object.entries(MEMORY)) {
      this.core.counters.register(
        'shmem',
        name,
        'kamailio statistic (no description)',
        () => memoryFacts()[fact],
      )
    }
  }

  /** A name that this node gives only once: `srid-7-6b017d24-5600-5`. */
  uniqueName(): string {
    const { params, startedAt } = this.core
    const server = params.server_id === 0 ? '' : `${params.server_id}-`
    const started = Math.floor(startedAt / 1000).toString(16)
    return `srid-${server}${started}-${process.pid.toString(16)}-${(++this.names).toString(16)}`
  }
}
