/**
 * A module that is not here yet, standing in for itself: a config that loads it can be checked
 * against its names, and with --allow-missing the node runs. What is called of it fails, loudly.
 */
import type { SipMessage } from '../../sip/message.ts'
import type { Core } from '../core.ts'
import {
  type AnyModule,
  type ConfigFunction,
  type ConfigPlace,
  defineModule,
  eachParam,
  keyed,
  type ModuleEnv,
  type Pvar,
  type Transformation,
} from '../module/index.ts'
import type { KnownFunction, KnownModule } from './catalogue.ts'

/** A place in the config that is passed again and again writes a line now and then. */
const QUIET_MS = 10_000

/** What is left of a module that is not here: it complains. */
class Absent {
  private readonly core: Core
  private readonly lastAt = new Map<ConfigPlace, number>()
  private readonly toldOf = new Set<string>()

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }

  /** A call at a place: -1, and a line in the log unless there was one a moment ago. */
  called(module: string, name: string, msg: SipMessage, at: ConfigPlace): number {
    const { clock, log } = this.core
    const now = clock.now()
    const last = this.lastAt.get(at)
    if (last !== undefined && now - last < QUIET_MS) return -1
    this.lastAt.set(at, now)
    const why = `${name}() fails: module ${module} is not here yet`
    log.error(module, `${why} (${at.file}:${at.line}, Call-ID ${msg.callId})`)
    return -1
  }

  /** A variable was read or written: one line for each. */
  touched(module: string, name: string): void {
    if (this.toldOf.has(name)) return
    this.toldOf.add(name)
    this.core.log.error(module, `$${name} is $null: module ${module} is not here yet`)
  }
}

/** The surface of a module that is not here. `called` names what is called of an unknown one. */
export function absentModule(known: KnownModule, called: Iterable<string> = []): AnyModule {
  const { name: module } = known
  const functions: Record<string, ConfigFunction<Absent>> = {}
  for (const [name, row] of known.functions) functions[name] = absentFunction(module, name, row)
  for (const name of called)
    functions[name] = absentFunction(module, name, { arities: [], routes: ANY, later: false })
  const pvars: Record<string, Pvar<Absent>> = {}
  for (const name of known.pvars.keys()) pvars[name] = absentPvar(module, name)
  return {
    ...defineModule({
      name: module,
      doc: `Module ${module} of Kamailio, which is not here yet.`,
      needs: {},
      params: Object.fromEntries(
        [...known.params].map(([name, kind]) => [name, ignoredParam(kind)]),
      ),
      instance: Absent,
      functions,
      pvars,
      transformations: absentTransformations(known.transformations),
    }),
    absent: known,
  }
}

const ANY = 1023

function absentFunction(
  module: string,
  name: string,
  { routes }: KnownFunction,
): ConfigFunction<Absent> {
  return {
    doc: `A function of module ${module}, which is not here yet.`,
    args: [],
    routes,
    waits: false,
    run: (self: Absent, msg: SipMessage, at: ConfigPlace) => self.called(module, name, msg, at),
  }
}

const absentPvar = (module: string, name: string): Pvar<Absent> =>
  keyed({
    doc: `A variable of module ${module}, which is not here yet.`,
    inner: 'optional',
    get: (self: Absent) => {
      self.touched(module, name)
      return null
    },
    set: (self: Absent) => self.touched(module, name),
  }) as Pvar<Absent>

/** Its values are not even read. */
const ignoredParam = (kind: 'int' | 'string' | 'any'): ReturnType<typeof eachParam> =>
  eachParam({ doc: `Ignored (${kind}).`, parse: value => value })

function absentTransformations(
  names: readonly string[],
): Record<string, Record<string, Transformation>> {
  const classes: Record<string, Record<string, Transformation>> = {}
  for (const name of names) {
    const dot = name.indexOf('.')
    const own = (classes[name.slice(0, dot)] ??= {})
    own[name.slice(dot + 1)] = {
      doc: 'A transformation of a module that is not here yet.',
      minArgs: 0,
      maxArgs: Infinity,
      run: () => null,
    }
  }
  return classes
}
