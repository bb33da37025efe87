/** All sets, in the order in which Kamailio goes through them. */
import type { Random } from '../../lib/random.ts'
import type { Destination } from './destination.ts'
import { DestinationSet } from './set.ts'

/** Kamailio keeps its sets in a balanced tree and goes through it children first. */
interface Node {
  readonly id: number
  left: Node | null
  right: Node | null
  height: number
}

const height = (node: Node | null): number => node?.height ?? 0

function measured(node: Node): Node {
  node.height = Math.max(height(node.left), height(node.right)) + 1
  return node
}

function turnedRight(node: Node): Node {
  const top = node.left!
  node.left = top.right
  top.right = measured(node)
  return measured(top)
}

function turnedLeft(node: Node): Node {
  const top = node.right!
  node.right = top.left
  top.left = measured(node)
  return measured(top)
}

/** Adelson-Velsky and Landis. */
function insert(node: Node | null, id: number): Node {
  if (node === null) return { id, left: null, right: null, height: 1 }
  if (id < node.id) node.left = insert(node.left, id)
  else if (id > node.id) node.right = insert(node.right, id)
  const balance = height(node.left) - height(node.right)
  if (balance > 1) {
    const left = node.left!
    if (height(left.right) > height(left.left)) node.left = turnedLeft(left)
    return turnedRight(node)
  }
  if (balance < -1) {
    const right = node.right!
    if (height(right.left) > height(right.right)) node.right = turnedRight(right)
    return turnedLeft(node)
  }
  return measured(node)
}

function collect(node: Node | null, ids: number[]): void {
  if (node === null) return
  collect(node.left, ids)
  collect(node.right, ids)
  ids.push(node.id)
}

export class Sets {
  private readonly byId: ReadonlyMap<number, DestinationSet>
  /** In Kamailio's order. */
  readonly all: readonly DestinationSet[]

  private constructor(byId: ReadonlyMap<number, DestinationSet>, ids: readonly number[]) {
    this.byId = byId
    this.all = ids.map(id => byId.get(id)!)
  }

  static readonly NONE = new Sets(new Map(), [])

  /** `destinations`: in the order of their rows. */
  static of(destinations: readonly Destination[], random: Random, before: Sets): Sets {
    const lists = new Map<number, Destination[]>()
    let root: Node | null = null
    for (const one of destinations) {
      const { set } = one.row
      const list = lists.get(set)
      if (list !== undefined) list.push(one)
      else {
        lists.set(set, [one])
        root = insert(root, set)
      }
    }
    const byId = new Map<number, DestinationSet>()
    for (const [id, list] of lists) {
      // Of equal priority the last row comes first.
      list.reverse().sort((a, b) => b.priority - a.priority)
      const made = new DestinationSet(id, list, random)
      const old = before.find(id)
      if (old !== null) made.inherit(old, random)
      byId.set(id, made)
    }
    const ids: number[] = []
    collect(root, ids)
    return new Sets(byId, ids)
  }

  find(id: number): DestinationSet | null {
    return this.byId.get(id) ?? null
  }
}
