/** $xavp(a=>b), $xavi(a=>b) whose names ignore case, and $xavu(a=>b=>c). */
import { ALL_INDEXES, keyed, NO_INDEX } from '../../../core/module/index.ts'
import type { Pvar, PvValue } from '../../../core/module/index.ts'
import type { AvpStore } from '../../../core/avp.ts'
import {
  XavpList,
  xavisOf,
  xavpsOf,
  type XavpValue,
  xavusOf,
  XavuTree,
} from '../../../core/xavp.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'
import { readXavpPath, readXavuPath, type XavpPath } from './xavp-path.ts'

type Row = Pvar<Pv>

/** A structure has no value; Kamailio shows its address in memory, we its name. */
export const show = (value: XavpValue, name: string): PvValue =>
  value instanceof XavpList ? `<<xavp:${name}>>` : value

/** Negative indexes count from the oldest. */
const place = (list: XavpList, name: string, index: number): number => {
  if (index === NO_INDEX || index === ALL_INDEXES) return 0
  return index < 0 ? list.count(name) + index : index
}

function all(list: XavpList, name: string): PvValue {
  const values: string[] = []
  for (let i = 0; i < list.count(name); i++) values.push(String(show(list.get(name, i), name)))
  return values.length === 0 ? null : values.join(', ')
}

function valueIn(list: XavpList, name: string, index: number): PvValue {
  return show(list.get(name, place(list, name, index)), name)
}

function get(roots: XavpList | null, path: XavpPath): PvValue {
  if (roots === null) return null
  if (path.child === null) return valueIn(roots, path.root, path.rootIndex)
  const list = roots.list(path.root, place(roots, path.root, path.rootIndex))
  if (list === null) return null
  if (path.childIndex === ALL_INDEXES) return all(list, path.child)
  return valueIn(list, path.child, path.childIndex)
}

function remove(list: XavpList, name: string, index: number): void {
  if (index === ALL_INDEXES) list.removeAll(name)
  else list.remove(name, place(list, name, index))
}

/**
 * An index asks for the one that is there; without one a new value comes in front. False when it
 * is not there.
 */
function setIn(list: XavpList, name: string, index: number, value: string | number): boolean {
  if (index !== NO_INDEX && index !== ALL_INDEXES)
    return list.replace(name, place(list, name, index), value)
  list.add(name, value)
  return true
}

function set(roots: XavpList, path: XavpPath, value: PvValue): boolean {
  const { root, child } = path
  if (child === null) {
    if (value !== null) return setIn(roots, root, path.rootIndex, value)
    remove(roots, root, path.rootIndex)
    return true
  }
  const list = roots.list(root, place(roots, root, path.rootIndex))
  if (value === null) {
    if (list !== null) remove(list, child, path.childIndex)
    return true
  }
  // $xavp(a=>b) = v makes a new a; only $xavp(a[0]=>b) = v adds to the one that is there.
  if (path.rootIndex === NO_INDEX) {
    roots.addList(root).add(child, value)
    return true
  }
  return list !== null && setIn(list, child, path.childIndex, value)
}

const structured = (
  doc: string,
  name: string,
  known: (store: AvpStore) => XavpList | null,
  made: (msg: SipMessage) => XavpList,
): Row =>
  keyed({
    doc,
    parse: readXavpPath,
    get: (_self: Pv, msg, path) =>
      msg.avps === null ? null : get(known(msg.avps as AvpStore), path),
    set: (self, msg, value, path) =>
      set(made(msg), path, value) ||
      self.refuse(`$${name}: there is no ${path.root} with this index`),
  })

function getTree(_self: Pv, msg: SipMessage, path: string[]): PvValue {
  const tree = msg.avps === null ? null : (msg.avps as AvpStore).xavus
  const value = tree === null ? null : tree.get(...path)
  return value instanceof XavuTree ? `<<xavp:${path.at(-1)}>>` : value
}

function setTree(_self: Pv, msg: SipMessage, value: PvValue, path: string[]): void {
  if (value === null) xavusOf(msg).remove(...path)
  else xavusOf(msg).set(value, ...path)
}

export const xavpVariables: Record<string, Row> = {
  xavp: structured(
    'A structured value, $xavp(root[i]=>child[j]).',
    'xavp',
    store => store.xavps,
    xavpsOf,
  ),
  xavi: structured('The same with names that ignore case.', 'xavi', store => store.xavis, xavisOf),
  xavu: keyed({
    doc: 'A value by a path of names, $xavu(a=>b=>c); one value a name.',
    parse: readXavuPath,
    get: getTree,
    set: setTree,
  }),
}
