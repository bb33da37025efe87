/** The instance: the tree, its timers' work, and what is said of it. */
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import { type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import { IpTree, NEW_RED, RED } from './tree.ts'
import type { params, stats } from './pike.module.ts'

export class Pike {
  readonly config: ConfigOf<typeof params>
  readonly tree: IpTree
  private readonly core: Core
  private readonly blocked: Counter

  constructor(env: ModuleEnv<typeof params, {}, typeof stats>) {
    this.config = env.config
    this.core = env.core
    this.blocked = env.stats.blocked_ips
    this.tree = new IpTree(env.config.reqs_density_per_unit, env.config.remove_latency)
  }

  /** 1 within the limit, -1 above it, -2 above it since this packet. */
  check(address: string): Verdict {
    const state = this.tree.mark(address)
    if (state === NEW_RED) {
      this.log(`PIKE - BLOCKing ip ${address}`)
      this.blocked.value++
      return -2
    }
    if (state < 0) {
      this.core.log.error('pike', `failed to parse ip address [${address}]`)
      return -1
    }
    return state === RED ? -1 : 1
  }

  swap(): void {
    this.tree.swap(address => this.log(`PIKE - UNBLOCKing node ${address}`))
  }

  private log(text: string): void {
    this.core.log.write(this.config.pike_log_level, 'pike', text)
  }
}
