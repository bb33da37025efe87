/** Functions over $xavp, $xavi and $xavu. */
import type { PvHandle, Verdict } from '../../../core/module/index.ts'
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
import { readParams } from '../transformations/params.ts'

export type ListOf = (msg: SipMessage) => XavpList

/** The structure under a name; a new one in front when there is none. */
const structure = (list: XavpList, name: string): XavpList => list.list(name) ?? list.addList(name)

/**
 * xavp_child_seti and xavp_child_sets: `$xavp(root[0]=>child[0]) = value`, made when it is not
 * there.
 */
export const setChild =
  (listOf: ListOf) =>
  (_self: Pv, msg: SipMessage, root: string, child: string, value: string | number): Verdict => {
    structure(listOf(msg), root).set(child, value)
    return 1
  }

/** xavp_rm: the newest of this name. */
export const removeRoot =
  (listOf: ListOf) =>
  (_self: Pv, msg: SipMessage, root: string): Verdict => {
    listOf(msg).remove(root)
    return 1
  }

/** xavp_rm_all: all of this name. */
export const removeRoots =
  (listOf: ListOf) =>
  (_self: Pv, msg: SipMessage, root: string): Verdict => {
    listOf(msg).removeAll(root)
    return 1
  }

export const removeChild =
  (listOf: ListOf) =>
  (_self: Pv, msg: SipMessage, root: string, child: string): Verdict => {
    listOf(msg).list(root)?.remove(child)
    return 1
  }

const copyOf = (value: XavpValue): XavpValue => (value instanceof XavpList ? value.copy() : value)

/**
 * xavp_copy(source, index, destination[, index]): behind those of that name, or in the place of
 * one of them.
 */
export function copyXavp(
  self: Pv,
  msg: SipMessage,
  source: string,
  index: number,
  destination: string,
  place?: number,
): Verdict {
  const list = xavpsOf(msg)
  const found = list.find(source, index)
  if (found === null) {
    self.error(`xavp_copy: there is no $xavp(${source}[${index}])`)
    return -1
  }
  if (place === undefined) {
    list.append(destination, copyOf(found.value))
    return 1
  }
  if (list.replace(destination, place, copyOf(found.value))) return 1
  self.error(`xavp_copy: there is no $xavp(${destination}[${place}])`)
  return -1
}

/** xavp_params_explode("a=b;c=d", "x"): $xavp(x=>a), $xavp(x=>c). */
export const explodeParams = (self: Pv, msg: SipMessage, text: string, name: string): Verdict =>
  explodeParamsAt(self, msg, text, ';', name)

/** xavp_xparams_explode: the same with another character between the parameters. */
export function explodeParamsAt(
  _self: Pv,
  msg: SipMessage,
  text: string,
  separator: string,
  name: string,
): Verdict {
  const params = readParams(text, separator.charAt(0))
  if (params === null || name === '') return -1
  const list = new XavpList()
  for (const param of params) list.append(param.name, param.value)
  xavpsOf(msg).add(name, list)
  return 1
}

/** Numbers are written without sign, a parameter without a value without the equals sign. */
function field(name: string, value: string | number): string {
  if (value === '') return `${name};`
  return `${name}=${typeof value === 'number' ? value >>> 0 : value};`
}

/** xavp_params_implode("x", "$var(out)"). */
export function implodeParams(_self: Pv, msg: SipMessage, name: string, out: PvHandle): Verdict {
  const list = xavpsOf(msg).list(name)
  if (list === null) return -1
  let text = ''
  for (const item of list.items)
    if (item.value !== null && !(item.value instanceof XavpList))
      text += field(item.name, item.value)
  out.set!(msg, text)
  return 1
}

export function explodeTree(_self: Pv, msg: SipMessage, text: string, name: string): Verdict {
  const params = readParams(text, ';')
  if (params === null) return -1
  const tree = new XavuTree()
  for (const param of params) tree.set(param.value, param.name)
  xavusOf(msg).set(tree, name)
  return 1
}

export function implodeTree(_self: Pv, msg: SipMessage, name: string, out: PvHandle): Verdict {
  const tree = xavusOf(msg).get(name)
  if (!(tree instanceof XavuTree)) return -1
  // The newest comes first, as in $xavp.
  const text = [...tree.items]
    .reverse()
    .map(([key, value]) => (value instanceof XavuTree ? '' : field(key, value)))
    .join('')
  out.set!(msg, text)
  return 1
}

/**
 * xavp_slist_explode(list, separators, mode, "x"): $xavp(x=>v[0]), $xavp(x=>v[1]) ...; mode t
 * trims.
 */
export function explodeList(
  _self: Pv,
  msg: SipMessage,
  text: string,
  separators: string,
  mode: string,
  name: string,
): Verdict {
  if (text === '') return -1
  const trims = mode.includes('t')
  const list = new XavpList()
  let token = ''
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !separators.includes(text[i]!)) {
      token += text[i]
      continue
    }
    const value = trims ? token.trim() : token
    if (value !== '') list.append('v', value)
    token = ''
  }
  xavpsOf(msg).add(name, list)
  return 1
}

/** pv_var_to_xavp("name" or "*", "x"): script variables into a fresh $xavp(x). */
export function fromVariables(self: Pv, msg: SipMessage, name: string, target: string): Verdict {
  const { vars } = self.core
  const names = vars.names()
  if (name !== '*' && !names.includes(name)) {
    self.error(`pv_var_to_xavp: there is no $var(${name})`)
    return -1
  }
  const list = new XavpList()
  for (const each of name === '*' ? names : [name]) list.add(each, vars.values[vars.slot(each)]!)
  const roots = xavpsOf(msg)
  roots.removeAll(target)
  roots.add(target, list)
  return 1
}

/** pv_xavp_to_var("x"): the other way. */
export function toVariables(self: Pv, msg: SipMessage, name: string): Verdict {
  const list = xavpsOf(msg).list(name)
  if (list === null) {
    self.error(`pv_xavp_to_var: there is no $xavp(${name})`)
    return -1
  }
  const { vars } = self.core
  for (const item of list.items)
    if (!(item.value instanceof XavpList)) vars.values[vars.slot(item.name)] = item.value ?? 0
  return 1
}

/** One line per value, at level INFO. */
function print(self: Pv, kind: string, items: Iterable<[string, unknown]>, path: string): void {
  for (const [name, value] of items) {
    const where = path === '' ? name : `${path}=>${name}`
    if (value instanceof XavpList) print(self, kind, pairsOf(value), where)
    else if (value instanceof XavuTree) print(self, kind, value.items, where)
    else {
      const type = typeof value === 'number' ? 'int' : 'str'
      self.core.log.info('pv', `${kind} name: ${where}, value (${type}): ${String(value)}`)
    }
  }
}

const pairsOf = (list: XavpList): [string, unknown][] =>
  list.items.map(item => [item.name, item.value])

export function printXavps(self: Pv, msg: SipMessage): Verdict {
  print(self, 'XAVP', pairsOf(xavpsOf(msg)), '')
  return 1
}
export function printXavis(self: Pv, msg: SipMessage): Verdict {
  print(self, 'XAVI', pairsOf(xavisOf(msg)), '')
  return 1
}
export function printXavus(self: Pv, msg: SipMessage): Verdict {
  print(self, 'XAVU', xavusOf(msg).items, '')
  return 1
}
