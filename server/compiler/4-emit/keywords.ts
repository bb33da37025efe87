/** Comparisons with the words of the language: uri==myself, src_ip==10.0.0.0/8, proto==TCP, status=~"..." ... */
import { Network } from '../../lib/ip.ts'
import { protoNumber } from '../../sip/transport.ts'
import type { Expression, Keyword, Operator } from '../2-parse/ast.ts'
import { IGNORE_CASE, compileRegex } from '../../core/regex.ts'
import { type Js, js, quote } from './pvars.ts'
import type { Unit } from './unit.ts'

/** The value of each word as JavaScript. */
const VALUES: Record<Exclude<Keyword, 'myself'>, Js> = {
  method: js('m.method', 'string'),
  uri: js('m.uri', 'string'),
  // `status` and `uri` are one token in Kamailio; here each means what it says.
  status: js('String(m.status)', 'string'),
  from_uri: js("(m.from?.uri ?? '')", 'string'),
  to_uri: js("(m.to?.uri ?? '')", 'string'),
  src_ip: js('m.received.srcIp', 'string'),
  dst_ip: js('m.received.dstIp', 'string'),
  snd_ip: js('m.received.dstIp', 'string'),
  to_ip: js('m.received.srcIp', 'string'),
  src_port: js('m.received.srcPort', 'int'),
  dst_port: js('m.received.dstPort', 'int'),
  snd_port: js('m.received.dstPort', 'int'),
  to_port: js('m.received.srcPort', 'int'),
  proto: js('m.received.proto', 'int'),
  snd_proto: js('m.received.proto', 'int'),
  to_proto: js('m.received.proto', 'int'),
  af: js('m.received.socket.family', 'int'),
  snd_af: js('m.received.socket.family', 'int'),
  to_af: js('m.received.socket.family', 'int'),
  msg_len: js('m.raw.length', 'int'),
  max_len: js('65535', 'int'),
}

const MYSELF: Partial<Record<Keyword, string>> = {
  uri: 'uriIsMyself(core, m.sipUri)',
  from_uri: 'uriIsMyself(core, m.from?.sipUri ?? null)',
  to_uri: 'uriIsMyself(core, m.to?.sipUri ?? null)',
  src_ip: 'ipIsMyself(core, m.received.srcIp)',
  dst_ip: 'ipIsMyself(core, m.received.dstIp)',
}

const IPS = new Set<Keyword>(['src_ip', 'dst_ip', 'snd_ip', 'to_ip'])
const PROTOS = new Set<Keyword>(['proto', 'snd_proto', 'to_proto'])

export const keywordValue = (name: Keyword): Js =>
  name === 'myself' ? js('1', 'int') : VALUES[name]

type Binary = Extract<Expression, { kind: 'binary' }>

/** A comparison in which a word stands; null when none does. */
export function emitKeywordComparison(
  unit: Unit,
  e: Binary,
  value: (e: Expression) => Js,
): Js | null {
  const swap = e.left.kind === 'keyword' && e.left.name === 'myself'
  const [left, right] = swap ? [e.right, e.left] : [e.left, e.right]
  if (left.kind !== 'keyword') return null
  const negative = e.op === '!=' || e.op === 'ne' || e.op === 'ine'
  const not = negative ? '!' : ''
  if (right.kind === 'keyword' && right.name === 'myself') {
    const test = MYSELF[left.name]
    if (test === undefined || (e.op !== '==' && e.op !== '!=')) {
      unit.report.add(
        'CFG_CONDITION',
        e.place,
        left.name,
        'myself is compared with uri, from_uri, to_uri, src_ip or dst_ip',
      )
      return js('false', 'int')
    }
    return js(`${not}${test}`, 'int')
  }
  const text =
    right.kind === 'word' || right.kind === 'string'
      ? right.kind === 'word'
        ? right.text
        : right.value
      : null
  if (IPS.has(left.name) && text !== null && e.op !== '=~')
    return compareIp(unit, left.name, text, not)
  if (PROTOS.has(left.name) && text !== null) {
    const number = text === '*' ? 0 : protoNumber(text)
    if (text === '*') return js(not === '' ? 'true' : 'false', 'int')
    return js(`${keywordValue(left.name).js} ${negative ? '!==' : '==='} ${number}`, 'int')
  }
  if (left.name === 'method' && text !== null && e.op !== '=~') {
    // Methods compare without regard to the case of the literal.
    return js(`m.method ${negative ? '!==' : '==='} ${quote(text.toUpperCase())}`, 'int')
  }
  return compareValue(
    unit,
    e.op,
    keywordValue(left.name),
    right.kind === 'word' ? js(quote(right.text), 'string') : value(right),
    right,
  )
}

function compareIp(unit: Unit, name: Keyword, text: string, not: string): Js {
  const ip = keywordValue(name).js
  const network = Network.parse(text)
  if (network === null) return js(`${not}sameHost(${ip}, ${quote(text)})`, 'int')
  return js(`${not}${unit.constant(network)}.contains(${ip})`, 'int')
}

function compareValue(unit: Unit, op: Operator, left: Js, right: Js, node: Expression): Js {
  if (op === '=~') {
    if (node.kind !== 'string')
      return js(`match(${asText(left)}, str(${right.js}))`, 'int', right.calls)
    try {
      return js(
        `${unit.constant(compileRegex(node.value, IGNORE_CASE))}.test(${asText(left)})`,
        'int',
      )
    } catch (error) {
      unit.report.add('CFG_REGEX', node.place, (error as Error).message)
      return js('false', 'int')
    }
  }
  const plain: Partial<Record<Operator, string>> = {
    '==': '===',
    '!=': '!==',
    eq: '===',
    ne: '!==',
    ieq: '===',
    ine: '!==',
  }
  const operator = plain[op] ?? op
  const l = left.type === 'int' ? left.js : asText(left)
  const r =
    left.type === 'int' ? (right.type === 'int' ? right.js : `int(${right.js})`) : asText(right)
  return js(`${l} ${operator} ${r}`, 'int', right.calls)
}

const asText = (value: Js): string => (value.type === 'string' ? value.js : `str(${value.js})`)
