/** The instance: requests that were set aside until a time, and tasks that wait for a free loop. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv, RouteBlock, Verdict } from '../../core/module/index.ts'
import { Timer } from '../../lib/wheel.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { TmApi, TransactionView } from '../tm/api.ts'
import type { needs, params } from './async.module.ts'

/** A request that was set aside: its transaction, and where it goes on. */
class Sleeper extends Timer {
  readonly hashIndex: number
  readonly label: number
  readonly block: RouteBlock

  constructor(self: Async, hashIndex: number, label: number, block: RouteBlock) {
    super(() => self.wake(this))
    this.hashIndex = hashIndex
    this.label = label
    this.block = block
  }
}

export class Async {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  /** What the task that runs now was given; null outside of one. */
  data: string | null = null
  group: string | null = null
  /** Requests that were set aside. */
  readonly sleepers = new Set<Sleeper>()
  private readonly tm: TmApi
  private readonly tasks = new Set<NodeJS.Immediate>()

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.core = env.core
    this.config = env.config
    this.tm = env.apis.tm
  }

  stop(): void {
    for (const sleeper of this.sleepers) this.core.timers.disarm(sleeper)
    this.sleepers.clear()
    for (const task of this.tasks) clearImmediate(task)
    this.tasks.clear()
  }

  error(text: string): void {
    this.core.log.error('async', text)
  }

  /** The block of a route; null is logged. */
  route(name: string): RouteBlock | null {
    const block = this.core.kemi.block('route', name)
    if (block === null) this.error(`route block not found: ${name}`)
    return block
  }

  /** Sets a request aside: 1, or 0 for a retransmission that was dealt with. */
  suspend(msg: SipMessage): Verdict {
    const verdict = this.tm.suspend(msg)
    if (verdict < 0) this.error('failed to suspend the processing')
    return verdict
  }

  /** Of a request that was set aside. */
  transactionOf(msg: SipMessage): TransactionView {
    return this.tm.transactionOf(msg)!
  }

  /** Lets a request that was set aside go on in a block, some time later. */
  later(msg: SipMessage, block: RouteBlock, milliseconds: number): void {
    const t = this.transactionOf(msg)
    const sleeper = new Sleeper(this, t.hashIndex, t.label, block)
    this.sleepers.add(sleeper)
    this.core.timers.arm(sleeper, milliseconds)
  }

  wake(sleeper: Sleeper): void {
    this.sleepers.delete(sleeper)
    this.tm.resume(sleeper.hashIndex, sleeper.label, sleeper.block)
  }

  /** Does something when what goes on now has ended and the loop has time. */
  soon(run: () => void): void {
    const task = setImmediate(() => {
      this.tasks.delete(task)
      run()
    })
    this.tasks.add(task)
  }

  resume(hashIndex: number, label: number, block: RouteBlock): void {
    this.tm.resume(hashIndex, label, block)
  }
}
