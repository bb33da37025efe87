/**
 * What one piece of emitted text needs around it: names for what it uses, and the values that are
 * made when it is linked.
 */
import type { Core, Formats } from '../../core/core.ts'
import type { ConfigPlace, RouteBlock, RouteKind } from '../../core/module/index.ts'
import type { FunctionEntry, PvarEntry, TransformationEntry } from '../../core/registry.ts'
import type { Vars } from '../../core/vars.ts'
import type { Place } from '../1-read/source.ts'
import type { RouteNode } from '../2-parse/ast.ts'
import { blockText, type Context } from '../3-check/context.ts'
import { identifierPart, nameAfter } from './js.ts'

/** What is there when a program is linked. */
export interface LinkEnvironment {
  readonly core: Core
  readonly formats: Formats
  instance(module: string): unknown
  /** Null when there is no such block. */
  block(kind: RouteKind, name: string): RouteBlock | null
}

/** A line of emitted text, and what it was made of. */
export interface EmittedLine {
  readonly text: string
  readonly at: Place | null
}

/** Lines that nothing in the config stands for. */
export const plain = (...texts: string[]): EmittedLine[] => texts.map(text => ({ text, at: null }))

export type Maker = (environment: LinkEnvironment) => unknown

/** Words that JavaScript keeps for itself, and names that the emitted text uses of its own. */
const TAKEN = new Set(
  `abstract arguments async await boolean break byte case catch char class const continue
  debugger default delete do double else enum eval export extends false final finally float for
  function goto if implements import in instanceof int interface let long native new null
  package private protected public return short static super switch synchronized this throw
  throws transient true try typeof undefined var void volatile while with yield m core made vars
  progress t value loops NONE ALL BAD Math String`.split(/\s+/),
)

/** What core parameters make of the emitted text. */
export interface Manner {
  /** Actions that take long are told of (latency_limit_action). */
  readonly timed: boolean
  /** return_mode: return codes are values, and what is not 0 is true. */
  readonly rawCodes: boolean
}

export const USUAL_MANNER: Manner = { timed: false, rawCodes: false }

export class Unit {
  readonly ctx: Context
  readonly manner: Manner
  readonly vars: Vars
  /** Lines before the routes, in the order of their need. */
  readonly header: string[] = []
  readonly makers: Maker[] = []
  /** What the makers' values are called, in the same order. */
  readonly madeNames: string[] = []
  /** Helpers of the runtime that are used. */
  readonly helpers = new Set<string>()
  /** Functions of blocks that stand in expressions. */
  readonly blocks: EmittedLine[] = []
  /** The route block that is being emitted, null outside of all. */
  current: RouteNode | null = null
  private whole: Place | null = null
  private readonly taken = new Set(TAKEN)
  private readonly known = new Map<string, string>()

  constructor(ctx: Context, vars: Vars, helpers: readonly string[], manner = USUAL_MANNER) {
    this.ctx = ctx
    this.manner = manner
    this.vars = vars
    for (const name of helpers) this.taken.add(name)
  }

  /** The name of a runtime helper. */
  helper(name: string): string {
    this.helpers.add(name)
    return name
  }

  /** A name that nothing has yet. */
  name(wanted: string): string {
    const base = /^[A-Za-z_$]/.test(wanted) ? wanted : `_${wanted}`
    let name = base
    for (let n = 2; this.taken.has(name); n++) name = `${base}_${n}`
    this.taken.add(name)
    return name
  }

  /** The name under which a thing is known; `define` is called at its first use. */
  private named(key: string, wanted: string, define: (name: string) => void): string {
    let name = this.known.get(key)
    if (name === undefined) {
      name = this.name(wanted)
      this.known.set(key, name)
      define(name)
    }
    return name
  }

  /** The name under which a thing stands in the header; `line` writes it there at the first use. */
  once(key: string, wanted: string, line: (name: string) => string): string {
    return this.named(key, wanted, name => this.header.push(line(name)))
  }

  /** A value that is made when the program is linked. */
  made(key: string, wanted: string, maker: Maker): string {
    return this.named(key, wanted, name => {
      this.makers.push(maker)
      this.madeNames.push(name)
    })
  }

  self(module: string): string {
    return this.made(`self ${module}`, `self_${identifierPart(module)}`, env =>
      env.instance(module),
    )
  }

  run(entry: FunctionEntry): string {
    return this.made(`run ${entry.name}`, identifierPart(entry.name), () => entry.row.run)
  }

  getter(entry: PvarEntry): string {
    const wanted = `get_${identifierPart(entry.name)}`
    return this.made(`get ${entry.name}`, wanted, () => entry.row.get)
  }

  setter(entry: PvarEntry): string {
    const wanted = `set_${identifierPart(entry.name)}`
    return this.made(`set ${entry.name}`, wanted, () => entry.row.set)
  }

  transformation(entry: TransformationEntry): string {
    const wanted = `${identifierPart(entry.class)}_${identifierPart(entry.name)}`
    return this.made(`tr ${entry.class}.${entry.name}`, wanted, () => entry.row.run)
  }

  /** `vars[var_x]`: the slot of $var(x). */
  variable(name: string): string {
    const slot = this.vars.slot(name)
    const wanted = `var_${identifierPart(name)}`
    const index = this.once(`slot ${name}`, wanted, id => `const ${id} = ${slot};`)
    return `vars[${index}]`
  }

  regex(pattern: RegExp): string {
    const wanted = nameAfter('re', pattern.source)
    return this.once(`re ${pattern}`, wanted, name => `const ${name} = ${pattern};`)
  }

  /** For what tells a script where it is: the line in which the place ends. */
  placeOf({ file, start, end }: Place): ConfigPlace {
    const route = this.current === null ? '' : this.current.name || 'DEFAULT_ROUTE'
    return { file: file.path, line: file.lineOf(Math.max(start, end - 1)), route }
  }

  /** The same for a part of what is being emitted: Kamailio tells of the whole call, assignment. */
  placeWithin(place: Place): ConfigPlace {
    return this.placeOf(this.whole ?? place)
  }

  /** Emits what stands in a call or assignment. */
  within<T>(whole: Place, emit: () => T): T {
    const outer = this.whole
    this.whole = whole
    const result = emit()
    this.whole = outer
    return result
  }

  /** The function of a route block. */
  route(node: RouteNode): string {
    const key = `route ${node.route} ${node.name}`
    const [base = ''] = blockText(node.route, '').split('[')
    const wanted = node.name === '' ? base : `${base}_${identifierPart(node.name)}`
    return this.named(key, wanted, () => {})
  }
}
