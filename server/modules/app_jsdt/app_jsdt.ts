/** The instance: two contexts, one of the loaded script and one of dofile and dostring. */
import type { Core } from '../../core/core.ts'
import type { KemiEngine } from '../../core/kemi/kemi.ts'
import { scriptPath } from '../../core/kemi/script-path.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './app_jsdt.module.ts'
import { ENDED, Execution, TOO_LONG, TOO_LONG_TEXT } from '../../core/kemi/execution.ts'
import type { Steps } from '../../core/waiting-run.ts'
import { makeConsole, makeKsr, waitingNames } from './ksr.ts'
import { type Fn, Sandbox } from './sandbox.ts'
import { MAIN } from './source.ts'
import { AWAITS, WAITS } from './waiting/names.ts'
import { type Pending, type ScriptSteps, WaitSlot } from './waiting/slot.ts'

export const NAME = 'app_jsdt'

export class AppJsdt implements KemiEngine {
  readonly name = 'jsdt'
  readonly core: Core
  /** The file of `load`; '' for none. */
  readonly path: string
  /** Grows with every reload. */
  version = 0
  private readonly execution: Execution
  private readonly slot = new WaitSlot()
  private readonly modules: boolean
  private main: Sandbox | null = null
  private scratch: Sandbox | null = null
  private readonly onRejection = (reason: unknown): void => {
    this.core.log.error(NAME, `a promise of a script was rejected: ${this.describe(reason)}`)
  }

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.path = scriptPath(env.core, env.config.load)
    this.modules = env.config.mode !== 0
    this.execution = new Execution(env.core.clock)
    env.core.kemi.register(this)
  }

  start(): void {
    const { kemi, log } = this.core
    if (this.path !== '') this.main = this.loaded()
    const chosen = kemi.engine === this
    if (chosen && this.main === null)
      throw new Error('cfgengine "jsdt" needs modparam("app_jsdt", "load", "/path/of/script.js")')
    const { request_route } = kemi.callbacks
    if (chosen && !this.has(request_route))
      log.error(NAME, `no such function [${request_route}] in js scripts: no request is routed`)
    // What a script leaves behind must not end the process.
    process.on('unhandledRejection', this.onRejection)
  }

  stop(): void {
    process.off('unhandledRejection', this.onRejection)
  }

  /** Takes the file as it is now; throws ScriptError, and the old one goes on. */
  reload(): void {
    this.main = this.loaded()
    this.version++
  }

  has(fn: string): boolean {
    return this.main !== null && this.main.find(fn) !== null
  }

  mayWait(fn: string): boolean {
    const script = this.main?.find(fn) ?? null
    return script !== null && formThatWaits(script) !== null
  }

  call(fn: string, msg: SipMessage, argument: string): number | Steps {
    return this.callWith(fn, msg, argument === '' ? [] : [argument])
  }

  /**
   * Runs a function of the loaded script: 1, whatever it gives, or -1 when it fails; or the steps
   * to that.
   */
  callWith(fn: string, msg: SipMessage, args: readonly string[]): number | Steps {
    const { main, execution } = this
    const script = main?.find(fn) ?? null
    if (main === null || script === null) return this.missing(fn)
    const waits = formThatWaits(script)
    if (waits !== null) return this.begin(fn, msg, waits, args)
    const { msg: outer, ended } = execution
    execution.enter(msg)
    try {
      return this.finished(fn, script(...args))
    } catch (error) {
      return this.failed(fn, error)
    } finally {
      execution.leave(outer, ended)
    }
  }

  /** A function that may wait: there are steps only if it does. */
  private begin(
    fn: string,
    msg: SipMessage,
    waits: (...args: string[]) => ScriptSteps,
    args: readonly string[],
  ): number | Steps {
    let steps: ScriptSteps | null = null
    const first = this.step(fn, msg, () => {
      steps = waits(...args)
      return steps.next()
    })
    return typeof first === 'number' ? first : this.rest(fn, msg, steps!, first)
  }

  private *rest(fn: string, msg: SipMessage, steps: ScriptSteps, first: Pending): Steps {
    let part: number | Pending = first
    while (typeof part !== 'number') {
      const { promise, goOn } = part
      const code = yield promise
      part = this.step(fn, msg, () => goOn(steps, code))
    }
    return part
  }

  /** One part of a function: what it waits for, or the code in which it has ended. */
  private step(
    fn: string,
    msg: SipMessage,
    go: () => IteratorResult<unknown, unknown>,
  ): number | Pending {
    const { execution } = this
    const { msg: outer, ended } = execution
    execution.enter(msg)
    try {
      const { done } = go()
      return done === true ? this.finished(fn, undefined) : this.slot.take()
    } catch (error) {
      return this.failed(fn, error)
    } finally {
      execution.leave(outer, ended)
    }
  }

  /**
   * Runs a text or file in a context; 1 or -1. KSR.x.exit() counts as a failure, as it does there.
   */
  runIn(sandbox: Sandbox, what: string, msg: SipMessage, run: (sandbox: Sandbox) => void): number {
    const { execution } = this
    const { msg: outer, ended } = execution
    execution.enter(msg)
    try {
      run(sandbox)
      return execution.ended === ENDED ? -1 : this.finished(what, undefined)
    } catch (error) {
      return execution.ended === ENDED ? -1 : this.failed(what, error)
    } finally {
      execution.leave(outer, ended)
    }
  }

  /** The context of the loaded script; null when there is none. */
  get loadedContext(): Sandbox | null {
    return this.main
  }

  /** The context of dofile and dostring. */
  get ownContext(): Sandbox {
    this.scratch ??= this.sandbox()
    return this.scratch
  }

  private finished(fn: string, result: unknown): number {
    if (this.execution.ended === TOO_LONG) return this.failed(fn, null)
    // A function that waits has not run to its end, and nobody runs it on.
    if (result !== undefined && isPromise(result)) {
      this.core.log.error(NAME, `${fn} is async: a routing function cannot wait`)
      result.then(undefined, this.onRejection)
    }
    return 1
  }

  private failed(fn: string, error: unknown): number {
    const { ended, complaint, msg } = this.execution
    if (ended === ENDED) return 1
    const why = this.describe(ended === TOO_LONG ? (complaint ?? TOO_LONG_TEXT) : error)
    this.core.log.error(NAME, `error executing: ${fn}: ${why}; Call-ID ${msg?.callId ?? ''}`)
    return -1
  }

  private missing(fn: string): number {
    const why =
      this.main === null
        ? `js loading state not initialized (call: ${fn})`
        : `no such function [${fn}] in js scripts`
    this.core.log.error(NAME, why)
    return -1
  }

  private describe(error: unknown): string {
    return (this.main ?? this.scratch)?.describe(error) ?? String(error)
  }

  private loaded(): Sandbox {
    const sandbox = this.sandbox()
    const outer = this.execution.load()
    try {
      sandbox.load(this.path, MAIN)
    } finally {
      this.execution.loaded(outer)
    }
    return sandbox
  }

  private sandbox(): Sandbox {
    const { core, execution, modules } = this
    const warn = (text: string): void => core.log.warn(NAME, text)
    const { slot } = this
    const ksr = makeKsr(core, execution, slot)
    const waiting = waitingNames(core)
    const console = makeConsole(core.log)
    return new Sandbox({ ksr, console, execution, modules, warn, waiting, slot })
  }
}

/** The form of a function that can be left in its midst. */
function formThatWaits(script: Fn): ((...args: string[]) => ScriptSteps) | null {
  const forms = script as unknown as Record<string, (...args: string[]) => ScriptSteps>
  return forms[WAITS] ?? forms[AWAITS] ?? null
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Promise<unknown>).then === 'function'
