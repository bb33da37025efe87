/** mt_match(): what a tree has for a number. */
import type { Formats } from '../../core/core.ts'
import { BadValue, type PvHandle, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Mtree } from './mtree.ts'
import { NUMBERS, readNumber, readWeighted, type Tree, type Weighted, WEIGHTS } from './tree.ts'

/** The mode in which all prefixes count. */
export const ALL = 2

type Mode = (msg: SipMessage) => number

/** A number, or a variable that has one; throws BadValue. */
export function readMode(text: string, formats: Formats): Mode {
  if (text.startsWith('$')) {
    const handle = formats.pvar(text)
    return msg => Number(handle.get(msg) ?? 0)
  }
  if (!/^\d+$/.test(text)) throw new BadValue(`"${text}" is no mode`, '0 the longest prefix, 2 all')
  const mode = Number(text)
  return () => mode
}

export const valueOf = (tree: Tree, text: string): string | number =>
  tree.type === NUMBERS ? readNumber(text) : text

export function mtMatch(
  self: Mtree,
  msg: SipMessage,
  name: string,
  number: PvHandle,
  readMode: Mode,
): Verdict {
  const tree = self.tree(name)
  const value = number.get(msg)
  if (tree === null || value === null) return -1
  const text = String(value)
  if (tree.type === WEIGHTS) return matchWeights(self, msg, tree, text)
  if (readMode(msg) === ALL) return matchAll(self, msg, tree, text)
  const found = tree.accepts(text) ? tree.match(text) : null
  if (found === null) return -1
  self.config.pv_value?.set?.(msg, valueOf(tree, found.values[0]!))
  return 1
}

/** The longest prefix ends in front, where an AVP has its newest value. */
function matchAll(self: Mtree, msg: SipMessage, tree: Tree, number: string): Verdict {
  const found = tree.matches(number)
  for (const { values } of found)
    for (const value of values.toReversed()) self.config.pv_values?.set?.(msg, valueOf(tree, value))
  // A character that no prefix has spoils it, though the values are there.
  return found.length > 0 && tree.accepts(number) ? 1 : -1
}

/** Each destination once, from its longest prefix; the least weight in front. */
function matchWeights(self: Mtree, msg: SipMessage, tree: Tree, number: string): Verdict {
  if (!tree.accepts(number)) return -1
  const best = new Map<number, Weighted>()
  for (const { values } of tree.matches(number))
    for (const value of values) {
      const one = readWeighted(value)
      best.set(one.destination, one)
    }
  if (best.size === 0) return -1
  const { pv_dstid, pv_weight, pv_count } = self.config
  for (const { destination, weight } of [...best.values()].toSorted(
    (a, b) => b.weight - a.weight,
  )) {
    pv_dstid?.set?.(msg, destination)
    pv_weight?.set?.(msg, weight)
  }
  pv_count?.set?.(msg, best.size)
  return 1
}
