/**
 * kamailio.cfg to JavaScript in five steps. `load` reads and parses, and then the modules that the
 * config wants are known; `compile` checks against their surfaces and emits; `link` binds to their
 * instances. Nothing of a config runs before that.
 */
import type { Core } from '../core/core.ts'
import type { ModuleHost, ParamValue } from '../core/host.ts'
import type { AnyModule } from '../core/module/index.ts'
import type { CoreParamName } from '../core/params.ts'
import type { Registry } from '../core/registry.ts'
import type { RouteTable } from '../core/routes.ts'
import { Vars } from '../core/vars.ts'
import type { Defines } from './1-read/defines.ts'
import { transformBy } from './early-transformations.ts'
import { type ReadFile, readFromDisk } from './1-read/files.ts'
import { SourceFile, type Place } from './1-read/source.ts'
import type { CallNode, Endpoint, ListenNode, SettingNode, VariableNode } from './2-parse/ast.ts'
import { checkConfig } from './3-check/check.ts'
import type { CoreSetting } from './3-check/globals.ts'
import { isUnheardOf, missingModule, type Surroundings } from './3-check/missing.ts'
import { runtimeValue } from './3-check/runtime-variables.ts'
import { visitCalls } from './3-check/routes.ts'
import { type EmittedProgram, emitProgram } from './4-emit/program.ts'
import type { Manner } from './4-emit/unit.ts'
import { givenModules, givenParams } from './command-line.ts'
import type { Diagnostic } from './diagnostic.ts'
import { explainLine, type Explanation } from './explain/explain.ts'
import { linkProgram, ScriptFormats } from './link.ts'
import { type Outline, outlineOf } from './outline.ts'
import { type ParsedConfig, parseConfig } from './parse-config.ts'

export { diagnosticsText } from './diagnostic-text.ts'
export { distanceText } from './distance.ts'
export { printedConfig } from './printed.ts'
export { allowedBlocks } from './3-check/context.ts'
export type { Surroundings } from './3-check/missing.ts'
export type { Diagnostic } from './diagnostic.ts'
export { type ReadFile, readFromDisk, STANDARD_INPUT } from './1-read/files.ts'
export type { Outline, Said, SaidAlias, SaidVariable } from './outline.ts'

export interface LoadOptions {
  /** -A NAME[=value]. */
  readonly defines?: readonly string[]
  readonly substitutions?: readonly { kind: 'subst' | 'substdef' | 'substdefs'; text: string }[]
  /** How files are read; from the disk by default. */
  readonly read?: ReadFile
  /** For #!defenv. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Refuse what only Kamailio 6 knows. */
  readonly strict56?: boolean
  /** Has the transformations that may stand in #!subst, modparamx() and loadmodulex. */
  readonly early?: Registry
  /** --loadmodule and --modparam. */
  readonly modules?: readonly string[]
  readonly modParams?: readonly string[]
}

export interface WantedModule {
  readonly name: string
  readonly at: Place
}

/** A config that has been read and parsed. */
export interface Loaded {
  readonly parsed: ParsedConfig
  /** In the order of the config, each once; the command line may add its own. */
  readonly modules: WantedModule[]
  readonly defines: Defines
  /** The start of the config file. */
  readonly nowhere: Place
}

export function load(path: string, options: LoadOptions = {}): Loaded {
  const read = options.read ?? readFromDisk
  const text = read(path)
  const fromFile = parseConfig(path, text ?? '', {
    read,
    defines: options.defines ?? [],
    substitutions: options.substitutions ?? [],
    env: options.env ?? {},
    strict56: options.strict56 ?? false,
    transform: options.early === undefined ? () => undefined : transformBy(options.early),
  })
  const { report, script } = fromFile
  const given = [
    ...givenModules(options.modules ?? []),
    ...givenParams(options.modParams ?? [], report),
  ]
  const parsed = { ...fromFile, script: { ...script, items: [...given, ...script.items] } }
  const nowhere: Place = { file: new SourceFile(path, text ?? ''), start: 0, end: 0 }
  if (text === null) report.error(nowhere, 'CFG_FILE', path)
  else if (!report.failed && isEmpty(parsed)) report.error(nowhere, 'CFG_EMPTY', emptyAdvice(text))
  const modules: WantedModule[] = []
  for (const node of parsed.script.items) {
    if (node.kind !== 'loadmodule' || modules.some(({ name }) => name === node.module)) continue
    modules.push({ name: node.module, at: node.at })
  }
  return { parsed, modules, defines: parsed.tokens.defines, nowhere }
}

/** Nothing but comments and directives; a semicolon is something. */
const isEmpty = ({ tokens }: ParsedConfig): boolean => tokens.tokens[0]!.kind === 'end'

/** With carriage returns alone all of a config is its first line, a comment as a rule. */
const emptyAdvice = (text: string): string =>
  text.includes('\r') && !text.includes('\n')
    ? 'its lines end with a carriage return alone: end them with a line feed'
    : 'a node needs at least a request_route'

/**
 * Reports a module that this build does not have; gives what stands in for it. `registry` has the
 * modules that are there: what they do not know must be its.
 */
export function absentSurface(
  loaded: Loaded,
  wanted: WantedModule,
  registry: Registry,
  surroundings: Surroundings,
): AnyModule {
  const { report, script } = loaded.parsed
  const unknownCalls = (): Set<string> => {
    const names = new Set<string>()
    const wantedNames = loaded.modules.map(module => module.name)
    const note = ({ name }: CallNode): void => {
      if (name === 'route' || registry.function(name) !== null) return
      if (isUnheardOf(name, wantedNames)) names.add(name)
    }
    if (surroundings.allowMissing)
      for (const node of script.items) if (node.kind === 'route') visitCalls(node.body, note)
    return names
  }
  return missingModule({ report, surroundings }, wanted.name, wanted.at, unknownCalls)
}

export interface Address {
  /** '' for any. */
  readonly proto: string
  readonly host: string
  /** 0 for the default. */
  readonly port: number
}

export interface Listen extends Address {
  readonly advertise: { readonly host: string; readonly port: number } | null
  readonly name: string
  readonly virtual: boolean
}

/** A runtime variable that the config declares or, with an instance, sets. */
export type Variable = Omit<VariableNode, 'value' | 'kind'> & { readonly value: string | number }

const addresses = ({ proto, hosts, port }: Endpoint): Address[] =>
  hosts.map(host => ({ proto, host, port }))

function listensOf({ socket, advertise, name, virtual }: ListenNode): Listen[] {
  const told = advertise === null ? null : { host: advertise.hosts[0]!, port: advertise.port }
  return addresses(socket).map(address => ({ ...address, advertise: told, name, virtual }))
}

/**
 * A config that has been checked; when `failed` it is not to be linked, and `diagnostics` say why.
 */
export interface Compiled {
  readonly path: string
  readonly diagnostics: readonly Diagnostic[]
  /** Diagnostics that were left out because there were too many. */
  readonly omitted: number
  readonly failed: boolean
  /** `debug=3`, `children=8` ..., under the names of core/params.ts. */
  readonly coreSettings: readonly CoreSetting[]
  readonly paramValues: readonly ParamValue[]
  readonly listens: readonly Listen[]
  readonly aliases: readonly Address[]
  /** `group.name = value desc "..."` */
  readonly variables: readonly Variable[]
  /** Preprocessor names with their texts, in order; '' where a name has none. */
  readonly defines: ReadonlyMap<string, string>
  /** loadpath, cfgengine, kemi.*_callback. */
  readonly settings: readonly SettingNode[]
  /** null when the check failed. */
  readonly program: EmittedProgram | null
  readonly formats: ScriptFormats
  readonly vars: Vars
  /** What a line of it does, in plain words. */
  explain(file: string, line: number): Explanation
  /** For comparing it with another one. */
  outline(): Outline
}

/** The last setting of a parameter counts. */
function mannerOf(settings: readonly CoreSetting[]): Manner {
  const given = (wanted: CoreParamName): number =>
    Number(settings.findLast(({ name }) => name === wanted)?.value ?? 0)
  return { timed: given('latency_limit_action') > 0, rawCodes: given('return_mode') !== 0 }
}

/**
 * Checks a config against what its modules offer and emits its program; `surroundings` knows what
 * else could be loaded, for hints. A config that is to follow another one in a running node gets
 * its `vars`.
 */
export function compile(
  loaded: Loaded,
  registry: Registry,
  surroundings: Surroundings = { available: [], allowMissing: false },
  vars = new Vars(),
): Compiled {
  const { parsed } = loaded
  const { report, script, path } = parsed
  const { ctx, coreSettings, paramValues } = checkConfig(parsed, registry, surroundings)
  const items = script.items
  return {
    path,
    diagnostics: report.inOrder(),
    omitted: report.omitted,
    failed: report.failed,
    coreSettings,
    paramValues,
    listens: items.filter(node => node.kind === 'listen').flatMap(listensOf),
    aliases: items.filter(node => node.kind === 'alias').flatMap(node => addresses(node.alias)),
    variables: items
      .filter(node => node.kind === 'variable')
      .map(node => ({ ...node, value: runtimeValue(ctx.groups, node) })),
    defines: new Map(loaded.defines.all().map(({ name, text }) => [name, text])),
    settings: items.filter(node => node.kind === 'setting'),
    program: report.failed ? null : emitProgram(ctx, vars, path, mannerOf(coreSettings)),
    formats: new ScriptFormats(registry, vars),
    vars,
    explain: (file, line) =>
      explainLine({ files: parsed.tokens.files, defines: parsed.tokens.defines, ctx }, file, line),
    outline: () => outlineOf({ parsed, ctx, coreSettings, paramValues }),
  }
}

/**
 * Binds the program to the modules of a node; `core.routes.replace` then puts its blocks in force.
 */
export function bind(compiled: Compiled, core: Core, host: ModuleHost): RouteTable {
  const { program, path, defines } = compiled
  if (program === null) throw new Error('a config with errors cannot be linked')
  return linkProgram(program, core, host, `${path}.js`, defines)
}

/** Binds the program and puts it in force. */
export function link(compiled: Compiled, core: Core, host: ModuleHost): void {
  core.routes.replace(bind(compiled, core, host))
  core.kemi.link(module => host.instance(module))
}
