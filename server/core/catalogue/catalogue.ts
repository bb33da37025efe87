/**
 * What Kamailio's modules offer, all of them: facts about modules that are not here yet, so that a
 * config which uses them can be checked and its distance be told. The names come from the modules
 * of Kamailio 5.6.3 (test/compat/modules writes them down) and from the manuals.
 */
import built from './kamailio-5.6.3.json' with { type: 'json' }
import later from './kamailio-6.json' with { type: 'json' }

/** How a line of the data files looks: names in one text, by what they are. */
interface Lists {
  /** `save/1,2,3:135`: numbers of arguments (`*` is any), bits of the routes that may call it. */
  readonly functions?: string
  /** `db_url:s`, `db_mode:i` */
  readonly params?: string
  /** `dlg_var()=`: takes a name in parentheses, can be assigned to. */
  readonly pvars?: string
  /** `sql.val` */
  readonly transformations?: string
  /** `htable:expired:*` */
  readonly events?: string
  /** Present when nothing but the name of the module is known. */
  readonly known?: string
  /** The version that brought it, when that is later than 5.6.3. */
  readonly since?: string
}

export interface KnownFunction {
  /** Kamailio 5.6.3 does not have it. */
  readonly later: boolean
  /** Empty when it takes any number of arguments. */
  readonly arities: readonly number[]
  readonly routes: number
}

export interface KnownPvar {
  readonly named: boolean
  readonly writable: boolean
}

/** A module of Kamailio as the data files tell of it. */
export class KnownModule {
  readonly name: string
  /** The version that has it. */
  readonly version: string
  /** False when only its name is known. */
  readonly listed: boolean
  readonly functions = new Map<string, KnownFunction>()
  /** Some take either. */
  readonly params = new Map<string, 'int' | 'string' | 'any'>()
  readonly pvars = new Map<string, KnownPvar>()
  readonly transformations: readonly string[]
  readonly events: readonly string[]

  constructor(name: string, lists: Lists, additions: Lists) {
    this.name = name
    this.version = lists.since ?? '5.6.3'
    this.listed = lists.known === undefined
    this.read(lists, lists.since !== undefined)
    this.read(additions, true)
    this.transformations = words(lists.transformations)
    this.events = words(lists.events)
  }

  private read(lists: Lists, later: boolean): void {
    for (const word of words(lists.functions)) {
      const [, name, arities, routes] = /^(\w+)\/([\d,*]+)(?::(\d+))?$/.exec(word)!
      const numbers = arities === '*' ? [] : arities!.split(',').map(Number)
      const before = this.functions.get(name!)
      const all = [...new Set([...(before?.arities ?? []), ...numbers])].sort((a, b) => a - b)
      const bits = Number(routes ?? before?.routes ?? ANY_ROUTE)
      this.functions.set(name!, { arities: all, routes: bits, later: before?.later ?? later })
    }
    for (const word of words(lists.params)) {
      const [name, letter] = word.split(':')
      const kind = letter === 'i' ? 'int' : 'string'
      const before = this.params.get(name!) ?? kind
      this.params.set(name!, before === kind ? kind : 'any')
    }
    for (const word of words(lists.pvars)) {
      const name = word.replace(/\W+$/, '')
      this.pvars.set(name, { named: word.includes('()'), writable: word.endsWith('=') })
    }
  }
}

const ANY_ROUTE = 1023

const words = (list: string | undefined): string[] =>
  list === undefined || list === '' ? [] : list.split(' ')

const BUILT: Readonly<Record<string, Lists>> = built
const LATER: Readonly<Record<string, Lists>> = later

const made = new Map<string, KnownModule>()

/** A module of Kamailio; null when there is none of that name. */
export function knownModule(name: string): KnownModule | null {
  const known = made.get(name)
  if (known !== undefined) return known
  const own = Object.hasOwn(BUILT, name) ? BUILT[name] : undefined
  const new_ = Object.hasOwn(LATER, name) ? LATER[name] : undefined
  const lists = own ?? new_
  if (lists === undefined) return null
  const module = new KnownModule(name, lists, own === undefined ? {} : (new_ ?? {}))
  made.set(name, module)
  return module
}

export const knownModuleNames = (): string[] =>
  [...new Set([...Object.keys(BUILT), ...Object.keys(LATER)])].sort()

type Kind = 'functions' | 'pvars'
const owners = new Map<Kind, Map<string, string[]>>()

/** The modules that have a function or variable of this name, in the order of the alphabet. */
export function modulesWith(kind: Kind, name: string): readonly string[] {
  return ownersOf(kind).get(name) ?? []
}

/** All names of functions or variables. */
export const knownNames = (kind: Kind): Iterable<string> => ownersOf(kind).keys()

/** The modules that have this transformation, `sql.val`. */
export const modulesWithTransformation = (name: string): string[] =>
  knownModuleNames().filter(module =>
    knownModule(module)!.transformations.some(
      own => own === name || (own.endsWith('.*') && name.startsWith(own.slice(0, -1))),
    ),
  )

function ownersOf(kind: Kind): Map<string, string[]> {
  let index = owners.get(kind)
  if (index !== undefined) return index
  index = new Map()
  for (const module of knownModuleNames())
    for (const name of knownModule(module)![kind].keys())
      index.set(name, [...(index.get(name) ?? []), module])
  owners.set(kind, index)
  return index
}
