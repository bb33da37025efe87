/**
 * Locks that a script takes by name (sht_lock, lock of cfgutils). Routes run one after the other,
 * so a lock matters only while a route waits for something and others run. A message may take its
 * lock again; each time counts.
 */
import { Timer } from '../../lib/wheel.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Core } from '../core.ts'

/** A script that ends without giving its lock back must not stop all others for good. */
const LONGEST_WAIT_MS = 5000

interface Waiter {
  readonly msg: SipMessage
  readonly granted: () => void
  readonly deadline: Timer
}

interface Lock {
  owner: SipMessage
  depth: number
  readonly waiters: Waiter[]
}

export class ScriptLocks {
  private readonly core: Core
  private readonly module: string
  private readonly locks = new Map<string, Lock>()

  constructor(core: Core, module: string) {
    this.core = core
    this.module = module
  }

  /** 1 at once, or the promise of it while another message holds the lock and waits. */
  lock(name: string, msg: SipMessage): number | Promise<number> {
    if (this.tryLock(name, msg)) return 1
    const lock = this.locks.get(name)!
    return new Promise(resolve => {
      const granted = (): void => resolve(1)
      const deadline = new Timer(() => this.overdue(name, lock))
      this.core.timers.arm(deadline, LONGEST_WAIT_MS)
      lock.waiters.push({ msg, granted, deadline })
    })
  }

  /** Takes it when nobody else holds it; false when one does. */
  tryLock(name: string, msg: SipMessage): boolean {
    const lock = this.locks.get(name)
    if (lock === undefined) this.locks.set(name, { owner: msg, depth: 1, waiters: [] })
    else if (lock.owner === msg) lock.depth++
    else if (this.core.routes.waiting > 0) return false
    else {
      // No route is in the middle of something: whoever took it has forgotten to give it back.
      lock.owner = msg
      lock.depth = 1
    }
    return true
  }

  /** Gives it back; what is not held stays as it is. */
  unlock(name: string, msg: SipMessage): void {
    const lock = this.locks.get(name)
    if (lock?.owner === msg && --lock.depth === 0) this.pass(name, lock)
  }

  private overdue(name: string, lock: Lock): void {
    this.core.log.error(this.module, `lock ${name} was not given back, it goes to the next one`)
    this.pass(name, lock)
  }

  private pass(name: string, lock: Lock): void {
    const next = lock.waiters.shift()
    if (next === undefined) {
      this.locks.delete(name)
      return
    }
    this.core.timers.disarm(next.deadline)
    lock.owner = next.msg
    lock.depth = 1
    next.granted()
  }
}
