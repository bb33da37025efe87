/**
 * What the functions of textopsx share: the log and the iterators that a script has open on a
 * message.
 */
import type { ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { BodyIterator } from './body-iterators.ts'
import { HeaderIterator } from './header-iterators.ts'

type Env = ModuleEnv<{}, {}>

/** Iterators of one kind that may be open on a message. */
const MAX_ITERATORS = 4

/** The iterators of one kind: by message, then by name; they go when their message goes. */
export class Iterators<T> {
  private readonly open = new WeakMap<SipMessage, Map<string, T>>()
  private readonly make: (msg: SipMessage) => T

  constructor(make: (msg: SipMessage) => T) {
    this.make = make
  }

  get(msg: SipMessage, name: string): T | null {
    return this.open.get(msg)?.get(name) ?? null
  }

  /** Opens, or opens again from the start; false when too many are open. */
  start(msg: SipMessage, name: string): boolean {
    let own = this.open.get(msg)
    if (own === undefined) this.open.set(msg, (own = new Map()))
    if (!own.has(name) && own.size >= MAX_ITERATORS) return false
    own.set(name, this.make(msg))
    return true
  }

  end(msg: SipMessage, name: string): boolean {
    return this.open.get(msg)?.delete(name) ?? false
  }
}

export class Textopsx {
  readonly core: Env['core']
  readonly headerIterators: Iterators<HeaderIterator>
  readonly bodyIterators: Iterators<BodyIterator>

  constructor(env: Env) {
    this.core = env.core
    this.headerIterators = new Iterators(msg => new HeaderIterator(msg))
    this.bodyIterators = new Iterators(msg => new BodyIterator(msg))
  }

  /** Says why a function fails; the verdict is -1. */
  fail(why: string): -1 {
    this.core.log.error('textopsx', why)
    return -1
  }
}
