/** Paths into JSON: `a.b[1].c`, `[0]`, and nothing for the whole. */
import type { JsonTree } from '../../lib/json-tree.ts'

/** A name of an object, or an index of an array. */
export type Step = string | number

/** null when it is malformed. */
export function readPath(text: string): Step[] | null {
  const steps: Step[] = []
  if (text === '') return steps
  const part = /([^.[\]]+)|\[(\d+)\]|(\.)/y
  let wantsName = true
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at
    const found = part.exec(text)
    if (found === null) return null
    if (found[1] !== undefined) {
      if (!wantsName) return null
      steps.push(found[1])
      wantsName = false
    } else if (found[2] !== undefined) {
      if (wantsName && at > 0) return null
      steps.push(Number(found[2]))
      wantsName = false
    } else {
      if (wantsName) return null
      wantsName = true
    }
  }
  return wantsName ? null : steps
}

export function child(tree: JsonTree | undefined, step: Step): JsonTree | undefined {
  if (typeof step === 'number') return Array.isArray(tree) ? tree[step] : undefined
  return tree instanceof Map ? tree.get(step) : undefined
}

/** What is at a path; undefined when nothing is. */
export function find(tree: JsonTree, path: readonly Step[]): JsonTree | undefined {
  let at: JsonTree | undefined = tree
  for (const step of path) at = child(at, step)
  return at
}

/** Sets a value; objects on the way are made, elements of arrays must be there. */
export function put(tree: JsonTree, path: readonly Step[], value: JsonTree): boolean {
  const last = path.at(-1)
  if (last === undefined) return false
  let at: JsonTree | undefined = tree
  for (const [i, step] of path.slice(0, -1).entries()) {
    const next = child(at, step)
    // Only a name can follow into an object that is made here.
    if (next === undefined && typeof step === 'string' && typeof path[i + 1] === 'string') {
      if (!(at instanceof Map)) return false
      const made = new Map<string, JsonTree>()
      at.set(step, made)
      at = made
    } else at = next
  }
  return set(at, last, value)
}

function set(tree: JsonTree | undefined, step: Step, value: JsonTree): boolean {
  if (typeof step === 'string' && tree instanceof Map) tree.set(step, value)
  else if (typeof step === 'number' && Array.isArray(tree) && step < tree.length) tree[step] = value
  else return false
  return true
}
