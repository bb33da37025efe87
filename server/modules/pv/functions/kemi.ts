/**
 * KSR.pvx: variables by kind and name, for KEMI scripts. A name is taken as it stands: no index, no
 * s: or i: before it.
 */
import { avpOf, avpsOf } from '../../../core/avp.ts'
import { getters, SCALAR } from '../../../core/kemi/getters.ts'
import { int, type KemiFunction, kemiFn, type PvValue, text } from '../../../core/module/index.ts'
import { xavisOf, xavpsOf, xavusOf, XavuTree } from '../../../core/xavp.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'
import { show } from '../variables/xavps.ts'
import { keysOf, structureAt, structuresOf } from './kemi-structures.ts'
import type { ListOf } from './xavps.ts'

type Rows = Record<string, KemiFunction<Pv>>
type Get = (self: Pv, msg: SipMessage, ...names: string[]) => PvValue
type Set = (self: Pv, msg: SipMessage, value: string | number, ...names: string[]) => void

const name = text('name')
const root = text('rname')
const child = text('cname')

/** `prefix`_seti and `prefix`_sets; a name that is empty is refused. */
function setters(prefix: string, what: string, names: readonly (typeof name)[], set: Set): Rows {
  const put = (self: Pv, msg: SipMessage, ...values: (string | number)[]): number => {
    const value = values.at(-1)!
    const path = values.slice(0, -1) as string[]
    if (path.includes('')) return -1
    set(self, msg, value, ...path)
    return 1
  }
  return {
    [`${prefix}_seti`]: kemiFn({
      doc: `Set ${what} to a number.`,
      args: [...names, int('value')],
      returns: 'int',
      run: put,
    }),
    [`${prefix}_sets`]: kemiFn({
      doc: `Set ${what} to a text.`,
      args: [...names, text('value')],
      returns: 'int',
      run: put,
    }),
  }
}

const isNull = (prefix: string, what: string, names: readonly (typeof name)[], get: Get): Rows => ({
  [`${prefix}_is_null`]: kemiFn({
    doc: `1 when ${what} has no value, else -1.`,
    args: names,
    returns: 'int',
    run: (self: Pv, msg, ...path) => (get(self, msg, ...(path as string[])) === null ? 1 : -1),
  }),
})

const remover = (
  prefix: string,
  what: string,
  names: readonly (typeof name)[],
  remove: (msg: SipMessage, ...names: string[]) => unknown,
): Rows => ({
  [`${prefix}_rm`]: kemiFn({
    doc: `Take ${what} away.`,
    args: names,
    returns: 'int',
    run: (_self: Pv, msg, ...path) => {
      remove(msg, ...(path as string[]))
      return 1
    },
  }),
})

const plainGetter = (prefix: string, what: string, get: Get): Rows => ({
  [`${prefix}_get`]: kemiFn({
    doc: `The value of ${what}, 0 when it was never set.`,
    args: [name],
    returns: 'xval',
    type: SCALAR,
    run: get,
  }),
})

/** Everything about a kind of value that may be missing. */
const full = (prefix: string, what: string, names: readonly (typeof name)[], get: Get): Rows => ({
  ...getters(`${prefix}_get`, '', `The value of ${what}`, names, get),
  ...isNull(prefix, what, names, get),
})

const scriptVariables: Rows = {
  ...plainGetter('pvx.var', '$var(name)', ({ core: { vars } }, _msg, wanted) =>
    wanted === '' ? 0 : vars.values[vars.slot(wanted!)]!,
  ),
  ...setters('pvx.var', '$var(name)', [name], ({ core: { vars } }, _msg, value, wanted) => {
    vars.values[vars.slot(wanted!)] = value
  }),
  ...plainGetter('pvx.shv', '$shv(name)', (self, _msg, wanted) => self.shared.get(wanted!)),
  ...setters('pvx.shv', '$shv(name)', [name], (self, _msg, value, wanted) =>
    self.shared.set(wanted!, value),
  ),
}

const avps: Rows = {
  ...full('pvx.avp', '$avp(name)', [name], (_self, msg, wanted) => avpOf(msg, wanted!)),
  ...setters('pvx.avp', '$avp(name)', [name], (_self, msg, value, wanted) =>
    avpsOf(msg).push(wanted!, value),
  ),
  ...remover('pvx.avp', 'the newest $avp(name)', [name], (msg, wanted) => avpsOf(msg).pop(wanted!)),
}

/** $xavp and $xavi; their setters of children and removers are functions of the config, too. */
const lists = (kind: 'xavp' | 'xavi', listOf: ListOf): Rows => ({
  ...full(`pvx.${kind}`, `$${kind}(name)`, [name], (_self, msg, wanted) =>
    show(listOf(msg).get(wanted!), wanted!),
  ),
  ...setters(`pvx.${kind}`, `a new $${kind}(name)`, [name], (_self, msg, value, wanted) =>
    listOf(msg).add(wanted!, value),
  ),
  ...full(`pvx.${kind}_child`, `$${kind}(rname=>cname)`, [root, child], (_self, msg, of, wanted) =>
    show(listOf(msg).list(of!)?.get(wanted!) ?? null, wanted!),
  ),
  [`pvx.${kind}_getd`]: kemiFn({
    doc: `All $${kind}(rname): per structure its names, each with the list of its values.`,
    args: [root],
    returns: 'xval',
    type: 'KsrStructure[] | null',
    run: (_self: Pv, msg, wanted) => structuresOf(listOf(msg), wanted),
  }),
  [`pvx.${kind}_getd_p1`]: kemiFn({
    doc: `The structure number index of $${kind}(rname), counted from -1 backwards.`,
    args: [root, int('index')],
    returns: 'xval',
    type: 'KsrStructure | null',
    run: (_self: Pv, msg, wanted, index) => structureAt(listOf(msg), wanted, index),
  }),
  [`pvx.${kind}_get_keys`]: kemiFn({
    doc: `The names of the structure number index of $${kind}(rname).`,
    args: [root, int('index')],
    returns: 'xval',
    type: 'string[] | 0 | null',
    run: (_self: Pv, msg, wanted, index) => keysOf(listOf(msg), wanted, index),
  }),
})

function inTree(_self: Pv, msg: SipMessage, ...path: string[]): PvValue {
  const value = xavusOf(msg).get(...path)
  return value instanceof XavuTree ? `<<xavp:${path.at(-1)}>>` : value
}

const intoTree: Set = (_self, msg, value, ...path) => xavusOf(msg).set(value, ...path)
const outOfTree = (msg: SipMessage, ...path: string[]): boolean => xavusOf(msg).remove(...path)

const trees: Rows = {
  ...full('pvx.xavu', '$xavu(name)', [name], inTree),
  ...setters('pvx.xavu', '$xavu(name)', [name], intoTree),
  ...remover('pvx.xavu', '$xavu(name)', [name], outOfTree),
  ...full('pvx.xavu_child', '$xavu(rname=>cname)', [root, child], inTree),
  ...setters('pvx.xavu_child', '$xavu(rname=>cname)', [root, child], intoTree),
  ...remover('pvx.xavu_child', '$xavu(rname=>cname)', [root, child], outOfTree),
}

export const kemi: Rows = {
  ...scriptVariables,
  ...avps,
  ...lists('xavp', xavpsOf),
  ...lists('xavi', xavisOf),
  ...trees,
}
