/** What stands inside of route blocks. */
import { span, type Place } from '../1-read/source.ts'
import type {
  CaseNode,
  Expression,
  IfNode,
  LeaveNode,
  LongPlace,
  Statement,
  SwitchNode,
} from './ast.ts'
import { parseCommand } from './commands.ts'
import { parseAssignment, parseExpression, parsePvar } from './expressions.ts'
import { found, type Parser, Resync } from './parser.ts'

/** Branches of one if. */
const MAX_CHAIN = 1000

/** `{ statements }`; at least one of them, were it only `;`. */
export function parseBlock(p: Parser): Statement[] {
  const open = p.expect('{')
  const body: Statement[] = []
  const empty = p.is('}')
  p.nested(() => parseStatements(p, body))
  if (!p.accept('}'))
    p.fail(p.token, 'CFG_OPEN_BLOCK', found(p.token), open.file.lineOf(open.start))
  if (empty) p.report.error(span(open, p.last), 'CFG_EMPTY_BLOCK')
  return body
}

/** Statements up to `}`, a case label or what cannot be inside of a route. */
function parseStatements(p: Parser, body: Statement[]): void {
  while (!p.is('}') && !p.is('case') && !p.is('default') && p.token.kind !== 'end') {
    if (p.atRoute()) return
    try {
      body.push(p.nested(() => parseStatement(p)))
    } catch (error) {
      if (!(error instanceof Resync)) throw error
      p.skipStatement()
    }
  }
}

function parseStatement(p: Parser): Statement {
  const { token } = p
  if (token.kind === 'pvar' || token.kind === 'attribute') return assignment(p)
  if (token.kind === 'word') {
    switch (token.text) {
      case 'if':
        return parseIf(p)
      case 'while': {
        p.take()
        const condition = parseExpression(p)
        const body = parseBody(p)
        return { kind: 'while', condition, body, at: long(token, condition.at, p.last) }
      }
      case 'switch':
        return parseSwitch(p)
      case 'break':
        p.take()
        semicolon(p)
        return { kind: 'break', at: token }
      case 'return':
      case 'exit':
      case 'drop':
        return leave(p, token.text)
      default: {
        const call = parseCommand(p)
        semicolon(p)
        return call
      }
    }
  }
  if (p.is('{')) return { kind: 'block', body: parseBlock(p), at: span(token, p.last) }
  if (p.accept(';')) return { kind: 'empty', at: token }
  return p.fail(token, 'CFG_SYNTAX', found(token), 'a statement')
}

/** A missing `;` is reported where it should stand, and parsing goes on as if it were there. */
function semicolon(p: Parser): void {
  if (p.accept(';')) return
  const { last } = p
  const after: Place = { file: last.file, start: last.end, end: last.end + 1 }
  if (['+=', '?', '='].includes(p.token.text)) p.fail(p.token, 'CFG_SYNTAX', found(p.token), "';'")
  p.report.error(after, 'CFG_SEMICOLON')
  const startsLine = p.token.file !== last.file || lineOf(p.token) > lineOf(last)
  if (!startsLine && !p.is('}')) throw new Resync()
}

const long = (start: Place, until: Place, last: Place): LongPlace => ({
  ...span(start, until),
  last,
})

const lineOf = (place: Place): number => place.file.lineOf(place.start)

function assignment(p: Parser): Statement {
  const start = p.token
  const target = parsePvar(p)
  // SER's attributes have an index only where they are read.
  if (start.kind === 'attribute' && target.text.endsWith(']'))
    p.fail(start, 'CFG_READ_ONLY', target.text)
  if (!p.is('=')) p.fail(p.token, 'CFG_SYNTAX', found(p.token), "'='")
  const node = parseAssignment(p, target)
  semicolon(p)
  return node
}

/** The statement of an if or while: a block or a single one. */
function parseBody(p: Parser): Statement {
  const start = p.token
  if (p.is('{')) return { kind: 'block', body: parseBlock(p), at: span(start, p.last) }
  return p.nested(() => parseStatement(p))
}

/** A chain of `else if` is read in a loop: it may be long without being deep. */
function parseIf(p: Parser): IfNode {
  const chain: { start: Place; condition: Expression; yes: Statement }[] = []
  let last: Statement | null = null
  do {
    if (chain.length > MAX_CHAIN) p.fail(p.token, 'CFG_DEPTH', MAX_CHAIN)
    const start = p.expect('if')
    const condition = p.expression()
    chain.push({ start, condition, yes: parseBody(p) })
    if (!p.accept('else')) break
    if (!p.is('if')) last = parseBody(p)
  } while (last === null)
  // Without an else it ends where it is seen that none follows.
  const end = last === null ? p.token : p.last
  for (const { start, condition, yes } of chain.reverse())
    last = { kind: 'if', condition, yes, no: last, at: long(start, condition.at, end) }
  return last as IfNode
}

function leave(p: Parser, how: LeaveNode['how']): Statement {
  const start = p.take()
  let value: Expression | null = null
  if (p.is('(') && p.ahead(1).text === ')') {
    p.take()
    p.take()
  } else if (!p.is(';') && !p.is('}')) value = parseExpression(p)
  const node: LeaveNode = { kind: 'leave', how, value, at: span(start, p.last) }
  semicolon(p)
  return node
}

function parseSwitch(p: Parser): SwitchNode {
  const start = p.take()
  const subject = parseExpression(p)
  p.expect('{')
  const cases: CaseNode[] = []
  while (p.is('case') || p.is('default')) cases.push(parseCase(p))
  if (!p.is('}')) p.fail(p.token, 'CFG_SYNTAX', found(p.token), "'case', 'default' or '}'")
  p.take()
  return { kind: 'switch', subject, cases, at: long(start, subject.at, p.last) }
}

function parseCase(p: Parser): CaseNode {
  const word = p.take()
  let label: Expression | null = null
  let regex = false
  if (word.text === 'case') {
    regex = p.accept('/')
    label = parseExpression(p)
  }
  p.expect(':')
  const at = span(word, p.last)
  const body: Statement[] = []
  p.nested(() => parseStatements(p, body))
  return { label, regex, body, at }
}
