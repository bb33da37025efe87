/** Calls of KSR that wait where a script cannot: told once, when the script is loaded. */
import type { AnyNode } from 'acorn'
import { ITERATING, type ScriptFunction, type Site } from './collect.ts'
import { siteObstacle } from './call-edits.ts'
import { isAwaited, type Plan } from './plan.ts'
import { placeIn, propertyName, type SourceTree, type Unit } from './syntax.ts'

const INSTEAD: Readonly<Record<string, string>> = {
  sort: 'ask for each item in a for...of loop first, then sort by what that gave',
  toSorted: 'ask for each item in a for...of loop first, then sort by what that gave',
  replace: 'go through matchAll() in a for...of loop and put the text together',
  replaceAll: 'go through matchAll() in a for...of loop and put the text together',
  parse: 'go through what parse() gave in a for...of loop',
  stringify: 'change the value in a for...of loop first',
  then: 'write it behind an await',
  catch: 'write try and catch around an await',
  Promise: 'call it without a promise: the script waits anyhow',
}
const ELSE = 'call it in the function around it, in a for...of loop if there are many'

/** `file:line:col: what is wrong: what to do`, in the order of the text. */
export function complaintsOf(plan: Plan, files: readonly SourceTree[]): string[] {
  const sure = certainly(plan)
  const functions = [...plan.script.functions.values()]
  const sites = [...plan.script.loose, ...functions.flatMap(one => one.sites)]
  const found = [
    ...functions.flatMap(one => ofFunction(one, sure.get(one.node), plan)),
    ...functions.flatMap(({ node, sites }) => sites.flatMap(site => ofPromise(site, node, sure))),
    ...sites.flatMap(site => ofCall(site, sure, plan)),
  ]
  return found
    .toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.at - b.at)
    .map(({ file, at, text }) => `${placeIn(file, at)}: ${text}`)
}

interface Complaint {
  readonly file: SourceTree
  readonly at: number
  readonly text: string
}

/** The functions that certainly call a function of KSR that waits, with its name. */
function certainly(plan: Plan): ReadonlyMap<Unit, string> {
  const sure = new Map<Unit, string>()
  const nameAt = (site: Site): string => {
    const { target } = site
    return target.kind === 'unit' ? (sure.get(target.unit) ?? '') : plan.ksrName(site)
  }
  for (let size = -1; size !== sure.size; ) {
    size = sure.size
    for (const { node, sites } of plan.script.functions.values()) {
      const name = sites.map(nameAt).find(each => each !== '')
      if (name !== undefined && !sure.has(node)) sure.set(node, name)
    }
  }
  return sure
}

function ofFunction(one: ScriptFunction, name: string | undefined, plan: Plan): Complaint[] {
  const { node, file, obstacle, sites } = one
  if (name === undefined) return []
  const waiting = sites.filter(site => plan.wanted(site, node) !== 'no')
  if (obstacle !== '') {
    const at = waiting[0]?.node.start ?? node.start
    return [{ file, at, text: `${name} waits, and ${obstacle} cannot: it fails there; ${ELSE}` }]
  }
  return [
    ...waiting.flatMap(site => {
      const why = siteObstacle(site)
      const text = `this waits, and cannot, because ${why}: put it in a line of its own`
      return why === '' ? [] : [{ file, at: site.node.start, text }]
    }),
    ...ofExecutor(one, name),
  ]
}

/** `new Promise(function)` */
function ofExecutor({ node, file }: ScriptFunction, name: string): Complaint[] {
  const parent = file.parents.get(node as AnyNode)
  if (parent?.type !== 'NewExpression' || parent.callee === (node as AnyNode)) return []
  const { callee } = parent
  if (callee.type !== 'Identifier' || callee.name !== 'Promise') return []
  return [given(file, node.start, name, callee.name)]
}

function ofCall(site: Site, sure: ReadonlyMap<Unit, string>, plan: Plan): Complaint[] {
  const { node, file, target, callbacks } = site
  const { callee } = node
  if (callee.type === 'Identifier' && callee.name === 'eval') return ofEval(site, plan)
  if (callee.type !== 'MemberExpression') return []
  const called = propertyName(callee.property, callee.computed)
  // A function of the script, which waits for what it calls.
  if (called === null || plan.script.named.has(called) || ITERATING.has(called)) return []
  if (target.kind === 'unit') return []
  return callbacks.flatMap(unit => {
    const name = sure.get(unit)
    return name === undefined || unit.async ? [] : [given(file, node.start, name, called)]
  })
}

/** An async function that nobody awaits goes on by itself, without the message. */
function ofPromise(site: Site, around: Unit, sure: ReadonlyMap<Unit, string>): Complaint[] {
  const { target, file, node } = site
  if (target.kind !== 'unit' || !target.unit.async || isAwaited(site, around)) return []
  const name = sure.get(target.unit)
  const why = 'an async function cannot when its call stands behind no await: it fails there'
  const instead = 'write await before it'
  return name === undefined
    ? []
    : [{ file, at: node.start, text: `${name} waits, and ${why}; ${instead}` }]
}

function given(file: SourceTree, at: number, name: string, called: string): Complaint {
  const instead = INSTEAD[called] ?? ELSE
  const why = `${called}() cannot wait for a function that it calls`
  return { file, at, text: `${name} waits, and ${why}: it fails there; ${instead}` }
}

/** What a text does when it is evaluated nobody knows before. */
function ofEval({ node, file }: Site, plan: Plan): Complaint[] {
  const [first] = node.arguments
  if (first === undefined) return []
  const text = file.text.slice(first.start, first.end)
  const name = plan.waitingIn(text)
  if (name === '') return []
  const why = 'a text that is evaluated cannot'
  return [{ file, at: node.start, text: `${name} waits, and ${why}: it fails there; ${ELSE}` }]
}
