/** The instance: two states, one of the loaded scripts and one of dofile and dostring. */
import { readFileSync } from 'node:fs'
import type { Core } from '../../core/core.ts'
import { ENDED, Execution } from '../../core/kemi/execution.ts'
import type { KemiEngine } from '../../core/kemi/kemi.ts'
import { scriptPath } from '../../core/kemi/script-path.ts'
import { L_BUG } from '../../core/log.ts'
import type { ModuleEnv } from '../../core/module/index.ts'
import type { Steps } from '../../core/waiting-run.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './app_lua.module.ts'
import { Ksr, NAME } from './ksr.ts'
import { LuaMachine } from './machine.ts'
import { LuaError, LuaState, type Outcome, type Workshop } from './state.ts'
import { System } from './system.ts'
import { oneLine, Traceback } from './traceback.ts'

interface Script {
  readonly path: string
  readonly text: string
}

export class AppLua implements KemiEngine {
  readonly name = 'lua'
  readonly core: Core
  /** The files of `load`, the last one first, as Kamailio counts and loads them. */
  readonly paths: readonly string[]
  readonly mayReload: boolean
  private readonly execution: Execution
  private readonly logMode: number
  private scripts: readonly Script[] = []
  private workshop: Workshop | null = null
  private main: LuaState | null = null
  private scratch: LuaState | null = null
  /** Replaced while they ran. */
  private readonly retired: LuaState[] = []

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.paths = env.config.load.map(path => scriptPath(env.core, path)).toReversed()
    this.mayReload = env.config.reload !== 0
    this.logMode = env.config.log_mode
    this.execution = new Execution(env.core.clock)
    env.core.kemi.register(this)
  }

  async start(): Promise<void> {
    const { core, execution } = this
    const machine = await LuaMachine.start()
    const ksr = new Ksr(machine, core, execution, this.logMode)
    const system = new System(machine, core)
    this.workshop = { machine, ksr, system, traceback: new Traceback(machine, execution) }
    if (this.paths.length > 0) this.load(this.paths.map(readScript))
    const { kemi } = core
    if (kemi.engine !== this) return
    if (this.main === null)
      throw new Error('cfgengine "lua" needs modparam("app_lua", "load", "/path/of/script.lua")')
    const { request_route } = kemi.callbacks
    if (!this.has(request_route))
      core.log.error(NAME, `no such function [${request_route}] in lua scripts`)
  }

  stop(): void {
    for (const state of [this.main, this.scratch, ...this.retired]) state?.close()
    this.main = null
    this.scratch = null
  }

  /** Bytes of memory that Lua has from the system. */
  get memory(): number {
    return this.workshop?.machine.memory ?? 0
  }

  /**
   * Takes one file, or all, as they are now, in a state of their own: what does not load changes
   * nothing. Throws LuaError.
   */
  reload(only: number | undefined): void {
    const fresh = this.scripts.map((script, i) =>
      only === undefined || only === i ? readScript(script.path) : script,
    )
    this.load(fresh)
  }

  has(fn: string): boolean {
    return this.main?.has(fn) === true
  }

  /** Each function runs in a thread of its own. */
  mayWait(): boolean {
    return true
  }

  call(fn: string, msg: SipMessage, argument: string): number | Steps {
    return this.callWith(fn, msg, argument === '' ? [] : [argument])
  }

  /**
   * Runs a function of the loaded scripts: 1, whatever it gives, or -1 when it fails; or the steps
   * to that.
   */
  callWith(fn: string, msg: SipMessage, args: readonly string[]): number | Steps {
    const { main } = this
    if (main === null) return this.noScript(fn)
    if (!main.has(fn)) {
      this.core.log.error(NAME, `no such function [${fn}] in lua scripts`)
      return -1
    }
    const [outcome, ended] = this.runs(main, msg, () => main.call(fn, args))
    if (outcome.wait !== null) return this.waits(main, fn, msg, outcome)
    return this.concluded(fn, msg, outcome, ended)
  }

  private concluded(fn: string, msg: SipMessage, { why }: Outcome, ended: number): number {
    return why === null || ended === ENDED ? 1 : this.failed(fn, msg, why)
  }

  /** The rest of a function that has to wait. */
  private *waits(state: LuaState, fn: string, msg: SipMessage, first: Outcome): Steps {
    let outcome = first
    let ended = 0
    while (outcome.wait !== null) {
      const { wait, thread } = outcome
      state.waiting++
      const code = yield wait.promise
      state.waiting--
      if (state.isClosed) return -1
      const [next, how] = this.runs(state, msg, () => state.resume(thread!, wait.value(code)))
      outcome = next
      ended = how
    }
    return this.concluded(fn, msg, outcome, ended)
  }

  /** Runs a text where the loaded scripts are; 1 or -1. */
  runString(msg: SipMessage, text: string): number {
    const { main } = this
    return main === null ? this.noScript(text) : this.runText(main, msg, text, `=${nameOf(text)}`)
  }

  /** Runs a text in the state of dofile and dostring; 1 or -1. */
  doString(msg: SipMessage, text: string): number {
    return this.runText(this.ownState(), msg, text, `=${nameOf(text)}`)
  }

  doFile(msg: SipMessage, path: string): number {
    let script: Script
    try {
      script = readScript(path)
    } catch (error) {
      return this.failed(path, msg, (error as Error).message)
    }
    return this.runText(this.ownState(), msg, script.text, `@${path}`)
  }

  private runText(state: LuaState, msg: SipMessage, text: string, name: string): number {
    const [{ why }, ended] = this.runs(state, msg, () => state.run(text, name))
    // KSR.x.exit() counts as a failure here, as it does there.
    if (ended === ENDED) return -1
    return why === null ? 1 : this.failed(name.slice(1), msg, why)
  }

  /** What it came to, and how the script ended. */
  private runs(
    state: LuaState,
    msg: SipMessage,
    run: () => Outcome,
  ): readonly [outcome: Outcome, ended: number] {
    const { execution } = this
    const { msg: outer, ended: outerEnded } = execution
    execution.enter(msg)
    const outcome = this.survived(state, run)
    const { ended } = execution
    execution.leave(outer, outerEnded)
    if (ended !== 0) state.rearm()
    if (!execution.running) this.closeRetired()
    return [outcome, ended]
  }

  /** What WebAssembly itself throws leaves a state that nothing can run in: it is made anew. */
  private survived(state: LuaState, run: () => Outcome): Outcome {
    try {
      return run()
    } catch (error) {
      this.core.log.write(L_BUG, NAME, `Lua has broken: ${(error as Error).stack}`)
      if (state === this.scratch) this.scratch = null
      if (state !== this.main) return broken('Lua has broken')
      this.main = null
      this.load(this.scripts)
      return broken('Lua has broken, the scripts were loaded again')
    }
  }

  private failed(what: string, { callId }: SipMessage, why: string): number {
    this.core.log.error(NAME, `error executing: ${what}: ${oneLine(why)}; Call-ID ${callId}`)
    return -1
  }

  private noScript(call: string): number {
    this.core.log.error(NAME, `lua loading state not initialized (call: ${call})`)
    return -1
  }

  private load(scripts: readonly Script[]): void {
    const state = new LuaState(this.workshop!, scripts[0]!.path)
    const { execution } = this
    const outer = execution.load()
    let why: string | null = null
    for (const { path, text } of scripts) {
      why = state.run(text, `@${path}`).why
      if (why !== null) break
    }
    execution.loaded(outer)
    if (why !== null) {
      state.close()
      throw new LuaError(oneLine(why))
    }
    if (this.main !== null) this.retired.push(this.main)
    this.main = state
    this.scripts = scripts
    if (!execution.running) this.closeRetired()
  }

  private closeRetired(): void {
    for (const state of this.retired.splice(0)) {
      // Some of its messages still wait.
      if (state.waiting > 0) this.retired.push(state)
      else state.close()
    }
  }

  private ownState(): LuaState {
    this.scratch ??= new LuaState(this.workshop!, '')
    return this.scratch
  }
}

const broken = (why: string): Outcome => ({ why, wait: null, thread: null })

/** How Lua names a text that came from no file. */
const nameOf = (text: string): string => `[string "${text.split('\n')[0]!.slice(0, 40)}"]`

function readScript(path: string): Script {
  try {
    return { path, text: readFileSync(path, 'latin1').replace(/^(\xef\xbb\xbf)?(#[^\n]*)?/, '') }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    throw new LuaError(`cannot open ${path}: ${reason}`, { cause: error })
  }
}
