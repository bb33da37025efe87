/**
 * kamailio.cfg to JavaScript. `load` reads and parses (the modules are known then), `compile` checks and emits against the surfaces
 * of those modules, `link` fills in the instances. Nothing of a config runs before `link`.
 */
import type { Core } from '../core/core.ts'
import type { ModuleHost, ParamValue } from '../core/host.ts'
import type { RouteBlock, RouteKind } from '../core/module.ts'
import type { Registry } from '../core/registry.ts'
import type { SipMessage } from '../sip/message.ts'
import { Lexer, type ReadFile, readFile } from './1-read/lexer.ts'
import { Defines } from './1-read/preprocess.ts'
import { type Place, SourceFile } from './1-read/source.ts'
import type { ConfigTree } from './2-parse/ast.ts'
import { ConfigParser } from './2-parse/config.ts'
import { Cursor } from './2-parse/cursor.ts'
import { checkCoreParams, checkModParams, type CoreSetting } from './3-check/params.ts'
import { emitProgram } from './4-emit/emit.ts'
import { Unit } from './4-emit/unit.ts'
import { ipIsMyself, sameHost, uriIsMyself } from './5-run/keywords.ts'
import * as runtime from './5-run/runtime.ts'
import { Report, suggestion } from './messages.ts'

export { type Diagnostic, inOrder, printDiagnostic } from './messages.ts'

export interface LoadOptions {
  /** -A NAME[=value]. */
  readonly defines: readonly string[]
  readonly substitutions: readonly { kind: 'subst' | 'substdef' | 'substdefs'; text: string }[]
  readonly read?: ReadFile
}

/** A config that has been read and parsed. */
export interface Loaded {
  readonly file: SourceFile
  readonly tree: ConfigTree
  readonly report: Report
  readonly defines: Defines
  /** Reports a module that this build does not have. */
  reportMissing(name: string, place: Place, known: readonly string[]): void
}

const PREDEFINED = ['KAMAILIO_5', 'KAMAILIO_5_6', 'KAMAILIO_5_6_3']

export function load(file: string, options: LoadOptions): Loaded {
  const report = new Report()
  const defines = new Defines()
  for (const name of PREDEFINED) defines.set(name, '')
  for (const define of options.defines) {
    const [name, ...value] = define.split('=')
    defines.set(name!, value.join('='))
  }
  const read = options.read ?? readFile
  let text = ''
  try {
    text = read(file)
  } catch (error) {
    report.add(
      'CFG_FILE',
      { file: new SourceFile(file, ''), offset: 0 },
      file,
      (error as Error).message,
    )
  }
  const source = new SourceFile(file, text)
  const lexer = new Lexer(source, defines, report, read)
  for (const { kind, text: substitution } of options.substitutions) {
    lexer.addSubstitution(
      substitution,
      null,
      kind === 'subst' ? 'none' : kind === 'substdef' ? 'plain' : 'quoted',
    )
  }
  const parser = new ConfigParser(new Cursor(lexer, report), {
    onModule: name => defines.set(`MOD_${name}`, ''),
  })
  return {
    file: source,
    tree: parser.parse(),
    report,
    defines,
    reportMissing: (name, place, known) =>
      report.add('CFG_UNKNOWN_MODULE', place, name, suggestion(name, known)),
  }
}

export interface Compiled {
  readonly tree: ConfigTree
  readonly unit: Unit
  readonly coreSettings: CoreSetting[]
  readonly paramValues: ParamValue[]
  /** The emitted program (`--emit-js`). */
  readonly text: string
  readonly report: Report
}

/** Checks a config against what the registry offers and emits its program. All that is wrong is in `report`. */
export function compile(loaded: Loaded, registry: Registry): Compiled {
  const { tree, report } = loaded
  const unit = new Unit(registry, report)
  const coreSettings = checkCoreParams(tree, report)
  const paramValues = checkModParams(tree, registry, report)
  return { tree, unit, coreSettings, paramValues, text: emitProgram(tree, unit), report }
}

/** Makes the program of live functions; the blocks go into core.routes. */
export function link(compiled: Compiled, core: Core, host: ModuleHost): void {
  const { unit, tree } = compiled
  unit.instanceOf = module => host.instance(module)
  const blocks = new Map<
    string,
    { kind: RouteKind; name: string; run: (m: SipMessage) => number }
  >()
  for (const { kind, name } of tree.routes)
    blocks.set(`${kind} ${name}`, { kind, name, run: () => -1 })
  const environment = {
    ...runtime,
    uriIsMyself,
    ipIsMyself,
    sameHost,
    core,
    V: core.vars.values,
    K: unit.constants,
    R: (kind: RouteKind, name: string): RouteBlock | null => blocks.get(`${kind} ${name}`) ?? null,
    instance: (module: string) => host.instance(module),
    function: (name: string) => unit.registry.function(name)!.row.run,
    get: (name: string) => unit.registry.pvar(name)!.row.get,
    set: (name: string) => unit.registry.pvar(name)!.row.set,
    transformation: (group: string, name: string) =>
      unit.registry.transformation(group, name)!.row.run,
    tooManyLoops: (n: number): boolean => tooManyLoops(core, n),
    callRoute: (m: SipMessage, name: string): number => callRoute(core, blocks, m, name),
  }
  const name = `${core.options.configFile}.js`
  const make = new Function('$', `${compiled.text}\n//# sourceURL=${name}`) as (
    environment: unknown,
  ) => Record<string, (m: SipMessage) => number>
  for (const [key, run] of Object.entries(make(environment))) blocks.get(key)!.run = run
  for (const block of blocks.values()) addBlock(core, block)
}

function addBlock(core: Core, block: RouteBlock): void {
  if (block.kind === 'request') core.routes.request = block
  else if (block.kind === 'onreply' && block.name === '') core.routes.reply = block
  else if (block.kind === 'onsend') core.routes.onsend = block
  core.routes.add(block)
}

function tooManyLoops(core: Core, n: number): boolean {
  const limit = core.params.max_while_loops
  if (limit === 0 || n < limit) return false
  core.log.error('<core>', `max while loops (${limit}) reached: the loop is left`)
  return true
}

function callRoute(
  core: Core,
  blocks: Map<string, RouteBlock>,
  m: SipMessage,
  name: string,
): number {
  const block = blocks.get(`route ${name}`)
  if (block !== undefined) return block.run(m)
  core.log.error('<core>', `route(${name}): there is no such route`)
  return -1
}

export { formatsOf } from './4-emit/handles.ts'
