/**
 * Conditions on operands without a $: `uri==myself`, `src_ip==10.0.0.0/8`, `proto==TLS`,
 * `status=~"2.."`.
 */
import { span } from '../1-read/source.ts'
import { PROTO_WORDS } from '../1-read/tokens.ts'
import type { BinaryOperator, Expression } from './ast.ts'
import { COMPARISON, found, type Parser } from './parser.ts'
import { hostText } from './sockets.ts'

const TEXT_OPERATORS = ['==', '!=', '=~']
const NUMBER_OPERATORS = ['==', '!=', '<', '>', '<=', '>=']
const SPELLINGS: Readonly<Record<string, string>> = { eq: '==', ne: '!=' }

const NUMBERS = ['src_port', 'dst_port', 'snd_port', 'to_port', 'af', 'snd_af', 'to_af', 'msg:len']
const ADDRESSES = ['src_ip', 'dst_ip', 'snd_ip', 'to_ip']
const MYSELF = ['uri', 'status', 'from_uri', 'to_uri']
const PROTOCOLS = ['proto', 'snd_proto', 'to_proto']

/** An operand of this kind is nothing alone: its operator and the other side come with it. */
export function parseComparison(p: Parser): Expression {
  const token = p.take()
  const name = token.text
  const operators = operatorsOf(name)
  const { kind, text } = p.token
  const operator = kind === 'word' ? SPELLINGS[text] : text
  if (!['punctuation', 'word'].includes(kind) || !operators.includes(operator ?? ''))
    p.fail(p.token, 'CFG_CONDITION', name, operators.join(' '))
  p.take()
  // INVITE may also stand behind `method =~`.
  const matches = operator === '=~' && name !== 'method'
  const left: Expression =
    name === 'myself' ? { kind: 'myself', at: token } : { kind: 'condition', name, at: token }
  const right = matches ? p.binary(COMPARISON + 1) : otherSide(p, name)
  return {
    kind: 'binary',
    operator: operator as BinaryOperator,
    // `myself == uri` is the same as `uri == myself`.
    left: left.kind === 'myself' ? right : left,
    right: left.kind === 'myself' ? left : right,
    at: span(token, right.at),
  }
}

function operatorsOf(name: string): readonly string[] {
  if (NUMBERS.includes(name)) return NUMBER_OPERATORS
  return name === 'myself' || PROTOCOLS.includes(name) ? ['==', '!='] : TEXT_OPERATORS
}

function otherSide(p: Parser, name: string): Expression {
  const { token } = p
  if (name === 'myself') {
    if (token.kind !== 'word' || ![...MYSELF, ...ADDRESSES].includes(token.text))
      p.fail(token, 'CFG_SYNTAX', found(token), 'uri, from_uri, to_uri, src_ip or dst_ip')
    p.take()
    return { kind: 'condition', name: token.text, at: token }
  }
  if (token.kind === 'word' && token.text === 'myself') {
    if (!MYSELF.includes(name) && !ADDRESSES.includes(name))
      p.fail(token, 'CFG_SYNTAX', found(token), 'a value')
    p.take()
    return { kind: 'myself', at: token }
  }
  // SER's configs ask for msg:len >= max_len.
  if (name === 'msg:len' && p.is('max_len')) {
    p.take()
    return { kind: 'condition', name: 'max_len', at: token }
  }
  if (ADDRESSES.includes(name)) return address(p)
  if (PROTOCOLS.includes(name) && (PROTO_WORDS.includes(token.text) || token.text === '*')) {
    p.take()
    return { kind: 'text', value: token.text.toLowerCase(), at: token }
  }
  const word = token.kind === 'word' && p.ahead(1).text !== '('
  if (name === 'method' && word) {
    p.take()
    return { kind: 'text', value: token.text, at: token }
  }
  return p.binary(COMPARISON + 1)
}

/** An address, a network (`/bits` or `/mask`), a host name, or any expression. */
function address(p: Parser): Expression {
  const start = p.token
  const numeric = start.kind === 'number' && p.ahead(1).text === '.'
  if (start.kind === 'number' && !numeric) p.fail(start, 'CFG_SYNTAX', found(start), 'an address')
  const bracketed = p.is('[') && p.ahead(1).kind === 'ipv6'
  const name = start.kind === 'word' && p.ahead(1).text !== '('
  if (!numeric && !bracketed && !name && start.kind !== 'ipv6') return p.binary(COMPARISON + 1)
  let text = hostText(p)
  if (!name && p.accept('/')) {
    const mask = p.token
    if (mask.kind === 'number' && p.ahead(1).text !== '.') text += `/${p.take().text}`
    else text += `/${hostText(p)}`
  }
  return { kind: 'network', text, at: span(start, p.last) }
}
