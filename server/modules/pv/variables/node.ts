/** Facts about the node and constants. */
import {
  ALL_INDEXES,
  keyed,
  NO_INDEX,
  variable,
  type Format,
  type Pvar,
  type PvHandle,
} from '../../../core/module/index.ts'
import { BadValue } from '../../../core/module/index.ts'
import type { PvValue } from '../../../core/module/index.ts'
import { avpsOf, parseAvpName } from '../../../core/avp.ts'
import { xavisOf, type XavpList, xavpsOf } from '../../../core/xavp.ts'
import { H_CONTACT } from '../../../sip/header-names.ts'
import { parseNameAddressList } from '../../../sip/header/address.ts'
import { type SipMessage, STRIDE } from '../../../sip/message.ts'
import { SCTP, TCP, TLS, UDP, WS, WSS } from '../../../sip/transport.ts'
import type { Pv } from '../pv.ts'
import { oneOf } from './words.ts'
import { readXavpPath, type XavpPath } from './xavp-path.ts'

type Row = Pvar<Pv>

/** The version of the language that we speak. */
const LANGUAGE = '5.6.3'
const LANGUAGE_NUMBER = 5_006_003

const CONSTANTS: Record<string, number> = {
  IPv4: 2,
  IPv6: 10,
  INET: 2,
  INET6: 10,
  IP4: 2,
  IP6: 10,
  UDP,
  TCP,
  TLS,
  SCTP,
  WS,
  WSS,
}

function constant(inner: string): number {
  const value = CONSTANTS[inner.trim()]
  if (value !== undefined) return value
  throw new BadValue(`${inner} is no constant`, `one of ${Object.keys(CONSTANTS).join(', ')}`)
}

/**
 * The shortest and longest life that the contacts ask for; Expires stands for those that name
 * none.
 */
function expires(_self: Pv, msg: SipMessage, word: 'min' | 'max'): PvValue {
  const values: number[] = []
  for (let i = msg.find(H_CONTACT); i >= 0; i = msg.find(H_CONTACT, i + STRIDE)) {
    for (const contact of parseNameAddressList(msg.bodyAt(i)) ?? []) {
      const own = contact.param('expires')
      if (own !== null && own !== '') values.push(Number(own) | 0)
      else if (msg.expires >= 0) values.push(msg.expires)
    }
  }
  if (values.length === 0) return msg.expires < 0 ? null : msg.expires
  return word === 'min' ? Math.min(...values) : Math.max(...values)
}

const COUNTED = /^\$\(?(avp|xavp|xavi)\(([^$()]*)\)(?:\[[^\]]*\]\))?$/

/** An index chooses one, which is there or not; without one (or with `*`) all count. */
function countIn(list: XavpList, name: string, index: number): number {
  const count = list.count(name)
  if (index === NO_INDEX || index === ALL_INDEXES) return count
  const at = index < 0 ? count + index : index
  return at >= 0 && at < count ? 1 : 0
}

function countXavps(roots: XavpList, path: XavpPath): number {
  const { root, rootIndex, child, childIndex } = path
  if (child === null) return countIn(roots, root, rootIndex)
  const all = rootIndex === NO_INDEX || rootIndex === ALL_INDEXES
  const count = roots.count(root)
  const first = all ? 0 : rootIndex < 0 ? count + rootIndex : rootIndex
  let sum = 0
  for (let i = first; i < (all ? count : first + 1); i++) {
    const list = roots.list(root, i)
    if (list !== null) sum += countIn(list, child, childIndex)
  }
  return sum
}

/** How many values a variable has: an AVP or XAVP all of its stack, anything else one or none. */
function count(_self: Pv, msg: SipMessage, handle: PvHandle): number {
  const stack = COUNTED.exec(handle.text)
  if (stack === null) return handle.get(msg) === null ? 0 : 1
  const name = stack[2]!
  if (stack[1] === 'avp') return avpsOf(msg).count(parseAvpName(name) ?? name)
  return countXavps(stack[1] === 'xavp' ? xavpsOf(msg) : xavisOf(msg), readXavpPath(name))
}

interface CfgName {
  readonly group: string
  readonly name: string
}

function readCfgName(inner: string): CfgName {
  const found = /^\s*([\w-]+)\.([\w-]+)\s*$/.exec(inner)
  if (found === null) throw new BadValue(`${inner} is no group.name`)
  return { group: found[1]!, name: found[2]! }
}

/** As by cfg.set: what does not fit the parameter is not set. */
function setRuntime(self: Pv, _msg: SipMessage, value: PvValue, { group, name }: CfgName): boolean {
  const { cfg } = self.core
  if (value === null) return false
  const text = cfg.variable(group, name)?.kind === 'string'
  return cfg.set(group, name, text ? String(value) : value) === null
}

const parserError = (doc: string): Row => variable({ doc, get: () => null })

const word = <const W extends string>(
  doc: string,
  words: readonly W[],
  get: (self: Pv, word: W) => PvValue,
): Row => keyed({ doc, parse: oneOf(words), get: (self: Pv, _msg, which: W) => get(self, which) })

export const nodeVariables: Record<string, Row> = {
  pp: variable({ doc: 'Process number.', get: () => process.pid }),
  sid: variable({ doc: 'The core parameter server_id.', get: self => self.core.params.server_id }),
  true: variable({ doc: 'The number 1.', get: () => 1 }),
  K: keyed({
    doc: 'Numbers of address families and transports: IPv4 IPv6 UDP TCP TLS SCTP WS WSS.',
    parse: constant,
    get: (_self: Pv, _msg, value) => value,
  }),
  version: word(
    'Version of the language: num, full or hash.',
    ['num', 'full', 'hash'],
    (_s, which) =>
      which === 'num'
        ? LANGUAGE
        : which === 'full'
          ? `ohana, speaking kamailio ${LANGUAGE}`
          : 'unknown',
  ),
  ksr: word(
    'Version of the language: ver as a text, verval as a number.',
    ['ver', 'verval'],
    (_s, which) => (which === 'ver' ? LANGUAGE : LANGUAGE_NUMBER),
  ),
  ccp: keyed({
    doc: 'A runtime parameter, group.name; a new value is in force at once and for everybody.',
    parse: readCfgName,
    get: (self: Pv, _msg, { group, name }) => self.core.cfg.get(group, name) ?? null,
    set: setRuntime,
  }),
  stat: keyed({
    doc: 'Value of a statistic; null when there is none of this name.',
    get: (self: Pv, _msg, name: string) => self.core.counters.named(name)?.current() ?? null,
  }),
  expires: keyed({
    doc: 'Shortest (min) or longest (max) life that the contacts ask for.',
    parse: oneOf(['min', 'max']),
    get: expires,
  }),
  cnt: keyed({
    doc: 'How many values a variable has.',
    nested: 'pvar',
    get: count as (self: Pv, msg: SipMessage, key: unknown) => number,
  }),
  _s: keyed({
    doc: 'A text with variables in it.',
    nested: 'format',
    get: (_self: Pv, msg, format) => (format as unknown as Format)(msg),
  }),
  'err.class': parserError('Class of a parser error; nothing sets it.'),
  'err.level': parserError('Level of a parser error; nothing sets it.'),
  'err.info': parserError('Text of a parser error; nothing sets it.'),
  'err.rcode': parserError('Reply code for a parser error; nothing sets it.'),
  'err.rreason': parserError('Reply reason for a parser error; nothing sets it.'),
}
