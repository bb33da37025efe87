/**
 * Locks that a script takes by name (sht_lock, lock of cfgutils). Routes run one after the other,
 * so a lock matters only while a route waits for something and others run.
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
  /** The message that took a lock may take it again, and only that one gives it back. */
  private readonly byOwner: boolean
  private readonly locks = new Map<string, Lock>()

  constructor(core: Core, module: string, byOwner: boolean) {
    this.core = core
    this.module = module
    this.byOwner = byOwner
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

  /** Takes it when nobody holds it; false when it is held. */
  tryLock(name: string, msg: SipMessage): boolean {
    const lock = this.locks.get(name)
    if (lock === undefined) {
      this.locks.set(name, { owner: msg, depth: 1, waiters: [] })
      return true
    }
    if (!this.byOwner) return false
    if (lock.owner === msg) {
      lock.depth++
      return true
    }
    if (this.core.routes.waiting > 0) return false
    // No route is in the middle of something: whoever took it has forgotten to give it back.
    lock.owner = msg
    lock.depth = 1
    return true
  }

  /** Gives it back; what is not held stays as it is. */
  unlock(name: string, msg: SipMessage): void {
    const lock = this.locks.get(name)
    if (lock === undefined || (this.byOwner && lock.owner !== msg)) return
    if (--lock.depth === 0) this.pass(name, lock)
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
