/** What a script waits for at the moment: a call of KSR, or a promise of its own. */
import type { KemiValue } from '../../../core/module/index.ts'

/** Says that there is something to wait for. */
export const WAITING: object = Object.freeze({})

/** The function of a script, going on step by step. */
export type ScriptSteps = Iterator<unknown, unknown, unknown>

export interface Pending {
  readonly promise: Promise<number>
  /** Goes on with what that came to. */
  readonly goOn: (steps: ScriptSteps, code: number) => IteratorResult<unknown, unknown>
  /** What the call gives where nobody can wait for it; logs why. */
  readonly refuse: () => unknown
  /** The promise of the script itself; null for a call of KSR. */
  readonly own: PromiseLike<unknown> | null
}

export class WaitSlot {
  private pending: Pending | null = null

  /** A function of KSR has to wait. */
  put(
    promise: Promise<number>,
    value: (code: number) => KemiValue,
    refuse: () => KemiValue,
  ): object {
    const goOn: Pending['goOn'] = (steps, code) => steps.next(value(code))
    this.pending = { promise, goOn, refuse, own: null }
    return WAITING
  }

  /** A script awaits a promise. */
  readonly putOwn = (own: PromiseLike<unknown>): object => {
    let goOn: Pending['goOn'] = steps => steps.throw!(new Error('this cannot be waited for here'))
    const known = (next: Pending['goOn']): number => {
      goOn = next
      return 1
    }
    const promise = Promise.resolve(own).then(
      value => known(steps => steps.next(value)),
      (error: unknown) => known(steps => steps.throw!(error)),
    )
    const refuse = (): never => {
      throw new Error('a promise cannot be waited for here')
    }
    this.pending = { promise, goOn: (steps, code) => goOn(steps, code), refuse, own }
    return WAITING
  }

  take(): Pending {
    const { pending } = this
    this.pending = null
    return pending!
  }
}
