/** From emitted text to functions: the values that it wants are made, and it is run once. */
import { compileFunction } from 'node:vm'
import type { Core, Formats } from '../core/core.ts'
import type { ModuleHost } from '../core/host.ts'
import { BadValue, type Format, type PvHandle } from '../core/module/index.ts'
import type { Registry } from '../core/registry.ts'
import { RouteTable } from '../core/routes.ts'
import type { Vars } from '../core/vars.ts'
import type { Steps } from '../core/waiting-run.ts'
import type { SipMessage } from '../sip/message.ts'
import type { Place } from './1-read/source.ts'
import { readFormat } from './2-parse/formats.ts'
import { readPvar } from './2-parse/pvars.ts'
import { NOWHERE, toBadValue } from './3-check/check.ts'
import { checkFormat, checkPvar, checkTarget } from './3-check/pvars.ts'
import { type Context, contextWithout } from './3-check/context.ts'
import { type EmittedProgram, preamble } from './4-emit/program.ts'
import { emitFormat, emitHandle } from './4-emit/pvars.ts'
import { type LinkEnvironment, plain, Unit } from './4-emit/unit.ts'
import { HELPERS, helpersFor, type RouteFunction } from './5-run/callable.ts'
import { BAD } from './5-run/per-call.ts'
import { Report } from './diagnostic.ts'

/** Formats that are compiled while the node runs must not pile up. */
const MOST_KEPT = 5000

type Environment = Omit<LinkEnvironment, 'block'> & Partial<Pick<LinkEnvironment, 'block'>>

/** Runs emitted text and gives what it returns. Its name is the file in stack traces. */
function run(
  text: string,
  name: string,
  unit: Unit,
  environment: Environment,
  routes: () => ReadonlyMap<string, RouteFunction>,
): unknown {
  const whole: LinkEnvironment = { block: () => null, ...environment }
  const made = unit.makers.map(maker => maker(whole))
  const { core } = environment
  const program = compileFunction(text, ['$', 'core', 'made'], { filename: name })
  return program({ ...helpersFor(core, routes), BAD }, core, made)
}

/** What line of the config each line of the emitted text was made of. */
const finder =
  (places: readonly (Place | null)[]) =>
  (line: number): string | null => {
    const place = places[line - 1] ?? null
    return place === null ? null : `${place.file.path}:${place.file.lineOf(place.start)}`
  }

/** Binds a program to the modules of a node. Nothing of it runs before it is put in force. */
export function linkProgram(
  program: EmittedProgram,
  core: Core,
  host: ModuleHost,
  name: string,
  defines: ReadonlyMap<string, string>,
): RouteTable {
  const home = new RouteTable(defines)
  const blocks = program.blocks.map(each => ({
    ...each,
    run: (_m: SipMessage): number | Steps => -1,
    home,
  }))
  for (const block of blocks) home.add(block)
  const byName = new Map<string, RouteFunction>()
  const environment: LinkEnvironment = {
    core,
    formats: core.formats,
    instance: module => host.instance(module),
    block: (kind, wanted) => home.find(kind, wanted),
  }
  home.placeOf = finder(program.places)
  const called = core.log.emitted.add(name, program.text, home)
  const functions = run(program.text, called, program.unit, environment, () => byName)
  for (const [i, block] of blocks.entries()) {
    block.run = (functions as RouteFunction[])[i]!
    if (block.kind === 'route') byName.set(block.name, block.run)
  }
  return home
}

/** Compiles formats and variables of parameters and replies, as the script's own are compiled. */
export class ScriptFormats implements Formats {
  private readonly ctx: Context
  private readonly vars: Vars
  private readonly kept = new Map<string, unknown>()
  private core: Core | null = null
  private host: ModuleHost | null = null

  constructor(registry: Registry, vars: Vars) {
    this.ctx = { ...contextWithout(registry), report: new Report() }
    this.vars = vars
  }

  /** Before this nothing can be compiled: variables belong to instances. */
  attach(core: Core, host: ModuleHost): void {
    this.core = core
    this.host = host
  }

  compile(text: string): Format {
    return this.once(`format ${text}`, () => {
      const parts = toBadValue(() => readFormat(text, NOWHERE))
      this.check(ctx => checkFormat(ctx, parts))
      return this.make(unit => `m => ${emitFormat(unit, parts).code}`)
    }) as Format
  }

  pvar(text: string): PvHandle {
    return this.once(`pvar ${text}`, () => {
      const node = toBadValue(() => readPvar(text, NOWHERE))
      this.check(ctx => checkPvar(ctx, node))
      return this.make(unit => emitHandle(unit, node))
    }) as PvHandle
  }

  target(text: string): PvHandle {
    this.check(ctx =>
      checkTarget(
        ctx,
        toBadValue(() => readPvar(text, NOWHERE)),
      ),
    )
    return this.pvar(text)
  }

  private once(key: string, make: () => unknown): unknown {
    let value = this.kept.get(key)
    if (value === undefined) {
      if (this.kept.size >= MOST_KEPT) this.kept.clear()
      value = make()
      this.kept.set(key, value)
    }
    return value
  }

  private check(check: (ctx: Context) => boolean): void {
    const ctx = { ...this.ctx, report: new Report() }
    if (toBadValue(() => check(ctx))) return
    const [first] = ctx.report.diagnostics
    throw new BadValue(first?.text ?? 'malformed', first?.hint)
  }

  private make(emit: (unit: Unit) => string): unknown {
    const { core, host } = this
    if (core === null || host === null) throw new Error('formats are not attached to a node yet')
    const unit = new Unit(this.ctx, this.vars, Object.keys(HELPERS))
    const result = emit(unit)
    const lines = preamble(unit, plain(result)).map(({ text }) => text)
    const text = [...lines, `return ${result};`].join('\n')
    const environment = {
      core,
      formats: this,
      instance: (module: string): unknown => host.instance(module),
    }
    return run(text, 'format', unit, environment, () => new Map())
  }
}
