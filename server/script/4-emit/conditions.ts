/**
 * Conditions on operands without a $ as JavaScript: fields of the message against constants
 * wherever it is possible.
 */
import { IGNORE_CASE, compileRegex } from '../../core/regex.ts'
import { canonical, familyOf, Network } from '../../lib/ip.ts'
import { protoNumber } from '../../sip/transport.ts'
import type { BinaryNode, Expression } from '../2-parse/ast.ts'
import { constantOf } from '../3-check/static-types.ts'
import type { EmitValue } from './calls.ts'
import {
  asInt,
  asStr,
  EQUALITY,
  identifierPart,
  type Js,
  js,
  PRIMARY,
  primary,
  quote,
  RELATION,
  UNARY,
  within,
} from './js.ts'
import type { Unit } from './unit.ts'

/** What an operand is of the message. */
const FIELDS: Readonly<Record<string, string>> = {
  method: 'm.method',
  uri: 'm.uri',
  status: 'm.status',
  from_uri: '(m.from?.uri ?? "")',
  to_uri: '(m.to?.uri ?? "")',
  src_ip: 'm.received.srcIp',
  dst_ip: 'm.received.dstIp',
  src_port: 'm.received.srcPort',
  dst_port: 'm.received.dstPort',
  proto: 'm.received.proto',
  af: 'family(m.received.srcIp)',
  'msg:len': 'messageLength(core, m)',
}

/** Operands of a message about to be sent are what a variable says: our socket, the other side. */
const SENT: Readonly<Record<string, string>> = {
  snd_ip: 'sndfrom(ip)',
  snd_port: 'sndfrom(port)',
  snd_af: 'sndfrom(af)',
  snd_proto: 'sndfrom(proto)',
  to_ip: 'sndto(ip)',
  to_port: 'sndto(port)',
  to_af: 'sndto(af)',
  to_proto: 'sndto(proto)',
}

/** Kamailio's buffer for one message. */
const MAX_LEN = 65535

const MYSELF: Readonly<Record<string, string>> = {
  uri: 'uriIsMyself',
  status: 'uriIsMyself',
  from_uri: 'fromIsMyself',
  to_uri: 'toIsMyself',
}

/** An operand alone: only max_len has a value of its own. */
export function emitOperand(unit: Unit, name: string): Js {
  if (name === 'max_len') return primary(String(MAX_LEN), 'int')
  const code = field(unit, name)
  return primary(code, name === 'status' ? 'int' : /ip$|uri$|method/.test(name) ? 'str' : 'int')
}

function field(unit: Unit, name: string): string {
  const sent = SENT[name]
  if (sent === undefined) {
    if (name === 'af') unit.helper('family')
    if (name === 'msg:len') unit.helper('messageLength')
    return FIELDS[name] ?? '""'
  }
  const [pvar = '', inner = ''] = sent.replace(')', '').split('(')
  const entry = unit.ctx.registry.pvar(pvar)
  if (entry === null) return '""'
  const key = unit.made(`key ${pvar} ${inner}`, `key_${pvar}_${inner}`, () =>
    entry.row.parse === undefined ? inner : entry.row.parse(inner),
  )
  return `${unit.getter(entry)}(${unit.self(entry.module)}, m, ${key}, NONE)`
}

const negatable = (value: Js, operator: string): Js =>
  operator === '!=' ? js(`!${within(value, UNARY)}`, 'bool', UNARY, value) : value

/** `left operator right`, where left is such an operand. */
export function emitCondition(unit: Unit, node: BinaryNode, emit: EmitValue): Js {
  const { operator, right } = node
  const name = node.left.kind === 'condition' ? node.left.name : ''
  if (right.kind === 'myself') return negatable(myself(unit, name), operator)
  if (['src_ip', 'dst_ip', 'snd_ip', 'to_ip'].includes(name))
    return negatable(address(unit, name, operator, right, emit), operator)
  if (operator === '=~') return pattern(unit, name, right, emit)
  if (['method', 'uri', 'from_uri', 'to_uri'].includes(name))
    return negatable(sameText(unit, name, right, emit), operator)
  return number(unit, name, operator, right, emit)
}

function myself(unit: Unit, name: string): Js {
  const helper = MYSELF[name]
  if (helper !== undefined) return primary(`${unit.helper(helper)}(core, m)`, 'bool')
  return primary(`${unit.helper('ipIsMyself')}(core, ${field(unit, name)})`, 'bool')
}

function address(
  unit: Unit,
  name: string,
  operator: string,
  right: Expression,
  emit: EmitValue,
): Js {
  const ip = field(unit, name)
  if (operator === '=~') return pattern(unit, name, right, emit)
  const text = right.kind === 'network' ? right.text : constantOf(right)
  if (typeof text !== 'string') {
    const value = asStr(emit(right))
    unit.helper('str')
    return primary(`${unit.helper('ipIs')}(${ip}, ${value.code})`, 'bool', value)
  }
  if (familyOf(text) !== 0) return js(`${ip} === ${quote(canonical(text))}`, 'bool', EQUALITY)
  // A host name is no address: nothing comes from it.
  if (Network.parse(text) === null) return primary('false', 'bool')
  const wanted = `net_${identifierPart(text)}`
  const network = unit.made(`net ${text}`, wanted, () => Network.parse(text))
  return primary(`${network}.contains(${ip})`, 'bool')
}

function pattern(unit: Unit, name: string, right: Expression, emit: EmitValue): Js {
  const code = field(unit, name)
  const left = name === 'status' ? `String(${code})` : code
  const text = constantOf(right)
  if (text !== null)
    return primary(`${unit.regex(compileRegex(String(text), IGNORE_CASE))}.test(${left})`, 'bool')
  const value = asStr(emit(right))
  unit.helper('str')
  const code2 = `${unit.helper('matches')}(${left}, ${value.code})`
  return { code: code2, type: 'bool', level: PRIMARY, calls: value.calls, risky: true }
}

/** Strings beside these words are compared without regard to case. */
function sameText(unit: Unit, name: string, right: Expression, emit: EmitValue): Js {
  const left = field(unit, name)
  const value = asStr(emit(right))
  unit.helper('str')
  return primary(`${unit.helper('sameText')}(${left}, ${value.code})`, 'bool', value)
}

function number(
  unit: Unit,
  name: string,
  operator: string,
  right: Expression,
  emit: EmitValue,
): Js {
  const left = field(unit, name)
  const sign = operator === '==' ? '===' : operator === '!=' ? '!==' : operator
  const level = operator === '==' || operator === '!=' ? EQUALITY : RELATION
  const value = proto(unit, name, right, emit)
  return js(`${left} ${sign} ${within(value, level + 1)}`, 'bool', level, value)
}

/**
 * The number beside the operand; of a transport its name will do where it is a word or a variable.
 */
function proto(unit: Unit, name: string, right: Expression, emit: EmitValue): Js {
  if (name.endsWith('proto')) {
    if (right.kind === 'text') return primary(String(protoNumber(right.value)), 'int')
    const value = emit(right)
    if (value.type === 'any' || value.type === 'some')
      return primary(`${unit.helper('protoOf')}(${value.code})`, 'int', value)
  }
  unit.helper('int')
  return asInt(emit(right))
}
