/** Whole $xavp and $xavi structures as values of a KEMI script. */
import type { KemiValue } from '../../../core/module/index.ts'
import { XavpList, type XavpValue } from '../../../core/xavp.ts'

/** A name may be there several times: each has the list of its values, newest first. */
function dictionary(list: XavpList): { [name: string]: KemiValue } {
  const names = Object.create(null) as { [name: string]: KemiValue[] }
  for (const { name, value } of list.items) (names[name] ??= []).push(valueOf(value))
  return names
}

const valueOf = (value: XavpValue): KemiValue =>
  value instanceof XavpList ? dictionary(value) : value

/** The structures of this name, newest first; null when there are none. */
export function structuresOf(roots: XavpList, name: string): KemiValue {
  const found: KemiValue[] = []
  for (let i = 0; i < roots.count(name); i++) {
    const list = roots.list(name, i)
    if (list !== null) found.push(dictionary(list))
  }
  return found.length === 0 ? null : found
}

/** Negative indexes count from the oldest. */
const listAt = (roots: XavpList, name: string, index: number): XavpList | null =>
  roots.list(name, index < 0 ? roots.count(name) + index : index)

export function structureAt(roots: XavpList, name: string, index: number): KemiValue {
  const list = listAt(roots, name, index)
  return list === null ? null : dictionary(list)
}

/** null when there is no such structure, 0 when it is a plain value, as in Kamailio. */
export function keysOf(roots: XavpList, name: string, index: number): KemiValue {
  const list = listAt(roots, name, index)
  if (list !== null) return [...new Set(list.items.map(item => item.name))]
  return roots.find(name, index) === null ? null : 0
}
