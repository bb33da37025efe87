/** Expressions and conditions in plain words. */
import type { BinaryNode, CallNode, Expression, UnaryNode } from '../2-parse/ast.ts'

/** Operands that have no $. */
const OPERANDS: Readonly<Record<string, string>> = {
  method: 'the method',
  uri: 'the request URI',
  from_uri: 'the URI of the From header',
  to_uri: 'the URI of the To header',
  status: 'the status of the reply',
  src_ip: 'the address that it came from',
  dst_ip: 'the address that it came to',
  src_port: 'the port that it came from',
  dst_port: 'the port that it came to',
  proto: 'the transport that it came by',
  af: 'the address family that it came by',
  'msg:len': 'the length of the message',
  max_len: 'the longest message that can be received',
  snd_ip: 'the address that it is sent from',
  to_ip: 'the address that it is sent to',
  snd_port: 'the port that it is sent from',
  to_port: 'the port that it is sent to',
  snd_proto: 'the transport that it is sent by',
  to_proto: 'the transport that it is sent by',
  snd_af: 'the address family that it is sent by',
  to_af: 'the address family that it is sent by',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '==': 'is',
  '!=': 'is not',
  '=~': 'matches',
  eq: 'is (as text)',
  ne: 'is not (as text)',
  ieq: 'is (as number)',
  ine: 'is not (as number)',
  '<': 'is less than',
  '>': 'is more than',
  '<=': 'is at most',
  '>=': 'is at least',
}

const isNull = (node: Expression): boolean =>
  node.kind === 'pvar' && node.name === 'null' && node.inner === null

/** `is_method("INVITE")`, as it may be written. */
export const callText = (call: CallNode): string =>
  `${call.name}(${call.args.map(value).join(', ')})`

/** An expression as a value. */
export function value(node: Expression): string {
  switch (node.kind) {
    case 'number':
    case 'word':
      return String(node.value)
    case 'text':
      return JSON.stringify(node.value)
    case 'pvar':
      return node.text
    case 'select':
      return `@${node.path}`
    case 'call':
      return callText(node)
    case 'condition':
      return OPERANDS[node.name] ?? node.name
    case 'myself':
      return 'this server itself'
    case 'network':
      return node.text
    case 'block':
      return 'the value of the last statement of the block'
    case 'assign':
      return `${node.target.text}, which is set to ${value(node.value)},`
    case 'choice':
      return `${value(node.yes)} if ${truth(node.condition)}, else ${value(node.no)}`
    case 'unary':
      return unaryValue(node)
    case 'binary':
      return binaryValue(node)
  }
}

function unaryValue(node: UnaryNode): string {
  const operand = value(node.operand)
  switch (node.operator) {
    case '-':
    case '~':
      return `${node.operator}${inParentheses(node.operand)}`
    case 'int':
      return `${operand} as a number`
    case 'str':
      return `${operand} as a text`
    case 'strlen':
      return `the length of ${operand}`
    default:
      return `1 if ${truth(node)}, else 0`
  }
}

function binaryValue(node: BinaryNode): string {
  const { operator, left, right } = node
  if (operator === '&&' || operator === '||' || operator in COMPARISONS)
    return `1 if ${truth(node)}, else 0`
  if (operator === '+') return `${inParentheses(left)} + ${inParentheses(right)}`
  const word = operator === 'mod' ? 'modulo' : operator
  return `${inParentheses(left)} ${word} ${inParentheses(right)}`
}

/** What has parts of its own gets parentheses as a part. */
function inParentheses(node: Expression): string {
  const text = value(node)
  return node.kind === 'binary' || node.kind === 'choice' ? `(${text})` : text
}

/** An expression as a condition. */
export function truth(node: Expression): string {
  switch (node.kind) {
    case 'call':
      return node.name === 'route'
        ? `${callText(node)} returns more than 0`
        : `${callText(node)} succeeds`
    case 'number':
      return node.value > 0 ? 'always' : 'never'
    case 'binary':
      return binaryTruth(node)
    case 'unary':
      return unaryTruth(node)
    default:
      return `${value(node)} is more than 0`
  }
}

function unaryTruth({ operator, operand }: UnaryNode): string {
  switch (operator) {
    case '!':
      if (operand.kind === 'call') return `${callText(operand)} fails`
      if (operand.kind === 'binary' || operand.kind === 'unary')
        return `it is not so that ${truth(operand)}`
      return `${value(operand)} is 0`
    case 'defined':
      return `${value(operand)} has a value`
    case 'strempty':
      return `${value(operand)} is empty`
    default:
      return `${value({ kind: 'unary', operator, operand, at: operand.at })} is more than 0`
  }
}

function binaryTruth({ operator, left, right, at }: BinaryNode): string {
  if (operator === '&&') return `${part(left, '||')} and ${part(right, '||')}`
  if (operator === '||') return `${part(left, '&&')} or ${part(right, '&&')}`
  const compared = COMPARISONS[operator]
  if (compared === undefined)
    return `${value({ kind: 'binary', operator, left, right, at })} is more than 0`
  if (isNull(right) && operator === '==') return `${value(left)} has no value`
  if (isNull(right) && operator === '!=') return `${value(left)} has a value`
  if (right.kind === 'network' && right.text.includes('/'))
    return `${value(left)} is ${operator === '!=' ? 'not ' : ''}in the network ${right.text}`
  return `${inParentheses(left)} ${compared} ${inParentheses(right)}`
}

/** One side of and/or: in parentheses when it is the other of the two. */
function part(node: Expression, other: '&&' | '||'): string {
  const text = truth(node)
  return node.kind === 'binary' && node.operator === other ? `(${text})` : text
}
