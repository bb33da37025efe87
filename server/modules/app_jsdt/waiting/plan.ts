/** Which functions of a script can wait, and which calls in them are waited for. */
import type { AnyNode } from 'acorn'
import {
  collect,
  ITERATING,
  type KsrPath,
  type Script,
  type ScriptFunction,
  type Site,
} from './collect.ts'
import { siteObstacle } from './call-edits.ts'
import type { SourceTree, Unit } from './syntax.ts'

/** What the text of a script is asked about: which functions of KSR may wait. */
export interface WaitingExports {
  /** `sqlops.sql_query` */
  readonly waiting: ReadonlySet<string>
}

/** How a call is waited for; 'no': it is left as it stands. */
export type Way = 'no' | 'ksr' | 'unit' | 'dynamic'

export class Plan {
  readonly script: Script
  private readonly names: ReadonlySet<string>
  private readonly lastNames: ReadonlySet<string>
  private readonly waiting = new Set<Unit>()
  /** Some function that waits goes where nobody follows it. */
  private escaped = false
  /** Some function that waits is found by o[name]. */
  private held = false

  constructor(files: readonly SourceTree[], { waiting }: WaitingExports) {
    this.names = waiting
    this.lastNames = new Set([...waiting].map(name => name.slice(name.lastIndexOf('.') + 1)))
    this.script = collect(files)
    this.escaped = this.script.handed.some(path => this.isWaiting(path))
    const functions = [...this.script.functions.values()]
    for (let size = -1; size !== this.waiting.size; ) {
      size = this.waiting.size
      for (const one of functions) if (this.mustWait(one)) this.take(one)
    }
  }

  get anyWaits(): boolean {
    return this.waiting.size > 0
  }

  waits(unit: Unit): boolean {
    return this.waiting.has(unit)
  }

  private mustWait(one: ScriptFunction): boolean {
    if (one.obstacle !== '' || this.waiting.has(one.node)) return false
    // Its own promises are waited for, too.
    if (one.node.async) return true
    // The other form of a private method has a name of its own, which all of them must have.
    if (one.name.startsWith('#') && this.namesake(one.name)) return true
    return one.sites.some(site => this.way(site, one.node) !== 'no')
  }

  private take({ node, escapes, held }: ScriptFunction): void {
    this.waiting.add(node)
    this.escaped ||= escapes
    this.held ||= held
  }

  /** How a call in a function is waited for. */
  way(site: Site, around: Unit): Way {
    const wanted = this.wanted(site, around)
    return wanted === 'no' || siteObstacle(site) !== '' ? 'no' : wanted
  }

  /** The same if it could stand anywhere. */
  wanted(site: Site, around: Unit): Way {
    const { target } = site
    if (target.kind === 'ksr') {
      if (target.path.includes(null)) return this.computedKsr(target.path) ? 'dynamic' : 'no'
      return this.ksrName(site) === '' ? 'no' : 'ksr'
    }
    if (target.kind === 'unit') {
      if (!this.waiting.has(target.unit)) return 'no'
      // An async function gives a promise to who does not ask for its value.
      return target.unit.async && !isAwaited(site, around) ? 'no' : 'unit'
    }
    return this.mayWait(site) ? 'dynamic' : 'no'
  }

  private isWaiting(path: KsrPath): boolean {
    return this.names.has(path.join('.')) || (path.includes(null) && this.computedKsr(path))
  }

  private mayWait({ target, callbacks, handed }: Site): boolean {
    if (target.kind !== 'named') return false
    const { name, from } = target
    if (from === 'variable' && this.escaped) return true
    if (name === null) return this.escaped || this.held
    // KSR itself may be in a variable or in an object.
    if (this.namesake(name) || this.lastNames.has(name)) return true
    if (name === 'call' || name === 'apply') return this.escaped || this.held
    if (from !== 'object' || !ITERATING.has(name)) return false
    return (
      callbacks.some(unit => this.waiting.has(unit) && !unit.async) ||
      handed.some(path => this.isWaiting(path))
    )
  }

  /** A function of KSR that waits and that a text names, or ''. */
  waitingIn(text: string): string {
    const found = [...this.names].find(name => text.includes(`KSR.${name}(`))
    return found === undefined ? '' : `KSR.${found}`
  }

  private namesake(name: string): boolean {
    const units = [...(this.script.named.get(name) ?? [])]
    const { functions } = this.script
    if (name.startsWith('#') && !units.every(unit => functions.get(unit)!.isMethod)) return false
    return units.some(unit => this.waiting.has(unit))
  }

  private computedKsr(path: KsrPath): boolean {
    const last = path.at(-1)!
    return last === null ? this.names.size > 0 : this.lastNames.has(last)
  }

  /** The function of KSR that a call waits for, or ''. */
  ksrName({ target, node }: Site): string {
    if (target.kind !== 'ksr' || target.path.includes(null)) return ''
    const name = target.path.join('.')
    if (name !== 'x.modf') return this.names.has(name) ? `KSR.${name}` : ''
    const [first] = node.arguments
    const wanted = first?.type === 'Literal' ? String(first.value) : null
    const found = wanted === null ? this.names.size > 0 : this.lastNames.has(wanted)
    return found ? `KSR.x.modf(${wanted ?? '...'})` : ''
  }
}

/** Does the function around it want the value, and not the promise? */
export function isAwaited({ node, file }: Site, around: Unit): boolean {
  if (!around.async) return false
  let parent: AnyNode | undefined = file.parents.get(node)
  if (parent?.type === 'ChainExpression') parent = file.parents.get(parent)
  return (
    parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement' || parent === around
  )
}
