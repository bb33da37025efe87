/**
 * A JavaScript context with KSR in it and nothing of Node: a script is loaded into a fresh one. It
 * keeps mistakes apart, not attackers: whoever writes the script owns the node.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { type Context, constants, createContext, runInContext, Script } from 'node:vm'
import { ROUND } from './edits.ts'
import { type Execution, EXIT, TOO_LONG_TEXT } from '../../core/kemi/execution.ts'
import { describe } from './failure.ts'
import {
  type Compiled,
  compileFile,
  compileText,
  MAIN,
  REQUIRED,
  ScriptError,
  scriptText,
  type Wrapping,
} from './source.ts'
import { type Preparation, prepare } from './waiting/prepare.ts'
import { installPrelude } from './waiting/prelude.ts'
import type { WaitSlot } from './waiting/slot.ts'

/** Milliseconds for the top level of a script. */
const LOAD_MS = 10_000
/** Rounds of loops between two looks at the clock. */
const ROUNDS = 10_000
/** Texts that are kept as compiled. */
const MOST_KEPT = 200
const EXTENSIONS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.cts', '.json']

export type Fn = (...args: string[]) => unknown
type Module = { exports: unknown }
type Require = ((name: unknown) => unknown) & {
  default: (module: unknown) => unknown
  all: (exports: object, module: object) => void
  names: (exports: object, getters: Record<string, () => unknown>) => void
}

export interface SandboxOptions {
  readonly ksr: object
  readonly console: object
  readonly execution: Execution
  /** Does the script get `require`? (modparam mode) */
  readonly modules: boolean
  /** Something that an operator should know and that does not keep the script from running. */
  readonly warn: (text: string) => void
  /** Functions of KSR that may wait: `sqlops.sql_query`. */
  readonly waiting: ReadonlySet<string>
  readonly slot: WaitSlot
}

export class Sandbox {
  private readonly context: Context
  private readonly options: SandboxOptions
  private readonly files = new Set<string>()
  private readonly required = new Map<string, Module>()
  private readonly texts = new Map<string, Script>()
  /** Functions that are no properties of the global object: `const f = () => ...`. */
  private readonly lexical = new Map<string, Fn | null>()
  /** Its files with what lets them wait; null when nothing in them does. */
  private preparation: Preparation | null = null

  constructor(options: SandboxOptions) {
    this.options = options
    // An ordinary global object: one that mirrors another object is 100 times slower to look into.
    this.context = createContext(constants.DONT_CONTEXTIFY)
    const rounds = runInContext(COUNT_ROUNDS, this.context)(this.askForRounds, ROUNDS)
    const hidden = { value: rounds, enumerable: false, writable: false }
    Object.defineProperty(this.context, ROUND, hidden)
    this.context.KSR = options.ksr
    this.context.console = options.console
  }

  /** Runs the top level of a file; throws ScriptError. */
  load(path: string, wrapping: Wrapping): void {
    if (wrapping === MAIN) this.prepare(path)
    const compiled = this.compiled(path, wrapping)
    // A script that is wrong has other troubles.
    for (const complaint of this.preparation?.complaints ?? []) this.options.warn(complaint)
    this.files.add(path)
    this.offer(dirname(resolve(path)))
    try {
      this.checked(compiled, path).runInContext(this.context, { timeout: LOAD_MS })
    } catch (error) {
      throw this.failure(error, path)
    }
  }

  private prepare(path: string): void {
    const { waiting, slot } = this.options
    this.preparation = prepare(resolve(path), {
      read: scriptText,
      resolve: (name, folder) => this.resolved(name, folder),
      waiting,
    })
    if (this.preparation === null) return
    if (this.preparation.anyWaits) installPrelude(this.context, slot)
  }

  private compiled(path: string, wrapping: Wrapping): Compiled {
    return compileFile(path, wrapping, this.preparation?.files.get(resolve(path)))
  }

  /** Runs a text; what it throws is the script's. */
  run(text: string, name: string, wrapping: Wrapping): void {
    let script = this.texts.get(text)
    if (script === undefined) {
      script = this.checked(compileText(text, name, wrapping), name)
      if (this.texts.size >= MOST_KEPT) this.texts.clear()
      this.texts.set(text, script)
      this.files.add(name)
      if (!('require' in this.context)) this.offer(process.cwd())
    }
    this.lexical.clear()
    script.runInContext(this.context)
  }

  /** A function of the script by its name, or null. */
  find(name: string): Fn | null {
    const found: unknown = this.context[name]
    if (typeof found === 'function') return found as Fn
    let lexical = this.lexical.get(name)
    if (lexical === undefined) {
      lexical = this.findLexical(name)
      this.lexical.set(name, lexical)
    }
    return lexical
  }

  private findLexical(name: string): Fn | null {
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return null
    try {
      return runInContext(`typeof ${name} === 'function' ? ${name} : null`, this.context) as Fn
    } catch {
      // A reserved word, or a name that has no value yet: no function.
      return null
    }
  }

  /** What was thrown, in one line with its place in a file of the script. */
  describe(error: unknown): string {
    return describe(error, file => this.files.has(file))
  }

  private readonly askForRounds = (): number => {
    const { execution } = this.options
    if (!execution.tooLong()) return ROUNDS
    // The same at each round from now on: who catches it gets no further.
    execution.complaint ??= new Error(TOO_LONG_TEXT)
    throw execution.complaint
  }

  private failure(error: unknown, path: string): ScriptError {
    if (error instanceof ScriptError) return error
    if ((error as { code?: string } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return new ScriptError(`${path}: was not loaded after ${LOAD_MS} ms: an endless loop?`)
    const text = error === EXIT ? 'ended itself while it was loaded' : this.describe(error)
    return new ScriptError(text.startsWith(path) ? text : `${path}: ${text}`)
  }

  private checked({ script, isModule, unguarded }: Compiled, path: string): Script {
    if (isModule && !this.options.modules)
      throw new ScriptError(`${path}: import and export need modparam("app_jsdt", "mode", 1)`)
    if (unguarded !== '') this.options.warn(`${path}: ${unguarded}`)
    return script
  }

  /** Gives the top level of a file its `require`, and `exports` that nobody reads. */
  private offer(folder: string): void {
    if (!this.options.modules) return
    const value = this.requireFrom(folder)
    Object.defineProperty(this.context, 'require', { value, configurable: true, writable: true })
    if ('exports' in this.context) return
    const exports = { value: {}, configurable: true, writable: true }
    Object.defineProperty(this.context, 'exports', exports)
  }

  private requireFrom(folder: string): Require {
    const require = (name: unknown): unknown => this.require(String(name), folder)
    return Object.assign(require, {
      default: (module: unknown): unknown =>
        isObject(module) && '__esModule' in module ? module.default : module,
      all: copyNames,
      names: defineNames,
    })
  }

  private require(name: string, folder: string): unknown {
    const path = this.resolve(name, folder)
    let module = this.required.get(path)
    if (module !== undefined) return module.exports
    module = { exports: {} }
    // Known before it runs: two files may require each other.
    this.required.set(path, module)
    try {
      if (path.endsWith('.json')) module.exports = this.json(path)
      else this.runModule(path, module)
    } catch (error) {
      this.required.delete(path)
      throw error
    }
    return module.exports
  }

  private runModule(path: string, module: Module): void {
    const script = this.checked(this.compiled(path, REQUIRED), path)
    this.files.add(path)
    const folder = dirname(path)
    const body = script.runInContext(this.context) as (...args: unknown[]) => void
    body.call(module.exports, module.exports, this.requireFrom(folder), module, path, folder)
  }

  /** In the context, so that lists are its own. */
  private json(path: string): unknown {
    const text = JSON.stringify(readFileSync(path, 'latin1'))
    try {
      return runInContext(`JSON.parse(${text})`, this.context)
    } catch (error) {
      throw new Error(`${path}: ${(error as Error).message}`, { cause: error })
    }
  }

  private resolved(name: string, folder: string): string | null {
    const base = isAbsolute(name) ? name : resolve(folder, name)
    return EXTENSIONS.map(extension => base + extension).find(isFile) ?? null
  }

  /** A file beside the one that asks, with or without its ending. */
  private resolve(name: string, folder: string): string {
    const path = this.resolved(name, folder)
    if (path !== null) return path
    const hint = /^(node:|[\w@][^./]*$)/.test(name)
      ? ': a routing script requires files beside it ("./name"), nothing of Node'
      : ''
    throw new Error(`Could not resolve module '${name}'${hint}`)
  }
}

/** Runs in the context itself, so that loops call a function of their own world. */
const COUNT_ROUNDS = `((ask, first) => {
  let left = first
  return () => {
    if (--left < 0) {
      left = 0
      left = ask()
    }
    return true
  }
})`

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function copyNames(exports: object, module: object): void {
  for (const name of Object.keys(module))
    if (name !== 'default' && !(name in exports))
      Object.defineProperty(exports, name, {
        get: () => (module as Record<string, unknown>)[name],
        enumerable: true,
      })
}

function defineNames(exports: object, getters: Record<string, () => unknown>): void {
  Object.defineProperty(exports, '__esModule', { value: true })
  for (const [name, get] of Object.entries(getters))
    Object.defineProperty(exports, name, { get, enumerable: true })
}
