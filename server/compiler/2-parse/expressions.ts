/** Expressions: one precedence table, then operands. */
import type { Place } from '../1-read/source.ts'
import type { Expression, Keyword, Operator, PvarNode } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { PvarError, parsePvar } from './pvars.ts'

/** Low binds loosest. Note that | & ^ bind looser than ==. */
const PRECEDENCE = new Map<string, [Operator, number]>([
  ['||', ['||', 1]],
  ['or', ['||', 1]],
  ['&&', ['&&', 2]],
  ['and', ['&&', 2]],
  ['|', ['|', 3]],
  ['&', ['&', 4]],
  ['^', ['^', 5]],
  ['<<', ['<<', 6]],
  ['>>', ['>>', 7]],
  ['==', ['==', 8]],
  ['!=', ['!=', 8]],
  ['=~', ['=~', 8]],
  ['~', ['=~', 8]],
  ['eq', ['eq', 8]],
  ['ne', ['ne', 8]],
  ['ieq', ['ieq', 8]],
  ['ine', ['ine', 8]],
  ['<', ['<', 9]],
  ['>', ['>', 9]],
  ['<=', ['<=', 9]],
  ['>=', ['>=', 9]],
  ['+', ['+', 10]],
  ['-', ['-', 10]],
  ['*', ['*', 11]],
  ['/', ['/', 11]],
  ['mod', ['mod', 11]],
])

export const KEYWORDS = new Map<string, Keyword>([
  ['method', 'method'],
  ['uri', 'uri'],
  ['status', 'status'],
  ['from_uri', 'from_uri'],
  ['to_uri', 'to_uri'],
  ['src_ip', 'src_ip'],
  ['dst_ip', 'dst_ip'],
  ['snd_ip', 'snd_ip'],
  ['to_ip', 'to_ip'],
  ['src_port', 'src_port'],
  ['dst_port', 'dst_port'],
  ['snd_port', 'snd_port'],
  ['to_port', 'to_port'],
  ['proto', 'proto'],
  ['snd_proto', 'snd_proto'],
  ['to_proto', 'to_proto'],
  ['af', 'af'],
  ['snd_af', 'snd_af'],
  ['to_af', 'to_af'],
  ['max_len', 'max_len'],
  ['myself', 'myself'],
])

export class ExpressionParser {
  private readonly cursor: Cursor
  /** Variables are parsed before modules are known: every dotted name counts as one. */
  private readonly anyName = (): boolean => true

  constructor(cursor: Cursor) {
    this.cursor = cursor
  }

  parse(minimum = 0): Expression {
    let left = this.unary()
    for (;;) {
      const { token } = this.cursor
      if (token.kind !== 'operator' && token.kind !== 'id') return left
      const known = PRECEDENCE.get(token.text)
      if (known === undefined || known[1] < minimum) return left
      this.cursor.take()
      const right = isKeyword(left) ? this.keywordOperand() : this.parse(known[1] + 1)
      left = { kind: 'binary', op: known[0], left, right, place: token.place }
    }
  }

  pvar(text: string, place: Place): PvarNode {
    try {
      return parsePvar(text, place, this.anyName)
    } catch (error) {
      if (!(error instanceof PvarError)) throw error
      this.cursor.report.add('CFG_PVAR_SYNTAX', place, text, error.message)
      return { place, text: '$null', name: 'null', inner: null, index: null, transformations: [] }
    }
  }

  private unary(): Expression {
    const { cursor } = this
    const { place } = cursor.token
    if (cursor.accept('!') || cursor.accept('not'))
      return { kind: 'unary', op: '!', of: this.parse(12), place }
    if (cursor.accept('-')) {
      const of = this.parse(12)
      return of.kind === 'int'
        ? { ...of, value: -of.value, place }
        : { kind: 'unary', op: '-', of, place }
    }
    if (cursor.accept('~')) return { kind: 'unary', op: '~', of: this.parse(12), place }
    if (cursor.accept('defined')) return { kind: 'unary', op: 'defined', of: this.parse(13), place }
    return this.operand()
  }

  private operand(): Expression {
    const { cursor } = this
    const { token } = cursor
    const { place } = token
    switch (token.kind) {
      case 'number':
        cursor.take()
        return { kind: 'int', value: token.value, place }
      case 'string':
        cursor.take()
        return { kind: 'string', value: token.text, place }
      case 'address':
        cursor.take()
        return this.networkAfter(token.text, place)
      case 'select':
        cursor.take()
        return { kind: 'select', path: token.text.slice(1), place }
      case 'pvar':
        cursor.take()
        return { kind: 'pvar', pvar: this.pvar(token.text, place), place }
      case 'operator':
        return this.group()
      case 'id':
        return this.name()
      default:
        return cursor.fail('an expression')
    }
  }

  /** `( ... )`: a cast, an assignment used as a value, or a group. */
  private group(): Expression {
    const { cursor } = this
    const { place } = cursor.token
    if (cursor.accept('{')) {
      const inner = this.parse()
      cursor.accept(';')
      cursor.expect('}')
      return inner
    }
    cursor.expect('(', '')
    if (cursor.is('int') || cursor.is('str')) {
      if (cursor.ahead(1).text === ')') {
        const op = cursor.take().text as 'int' | 'str'
        cursor.expect(')')
        return { kind: 'unary', op, of: this.parse(13), place }
      }
    }
    const inner = this.parse()
    if (inner.kind === 'pvar' && cursor.accept('=')) {
      const value = this.parse()
      cursor.expect(')')
      return { kind: 'assign', target: inner.pvar, value, place }
    }
    cursor.expect(')', 'a parenthesis is not closed')
    return inner
  }

  private name(): Expression {
    const { cursor } = this
    const token = cursor.take()
    const { place, text } = token
    if (text === 'strlen' || text === 'strempty') {
      cursor.expect('(')
      const of = this.parse()
      cursor.expect(')')
      return { kind: 'unary', op: text, of, place }
    }
    if (text === 'selval') return this.selval(place)
    if (text === 'msg' && cursor.is(':') && cursor.ahead(1).text === 'len') {
      cursor.take()
      cursor.take()
      return { kind: 'keyword', name: 'msg_len', place }
    }
    if (cursor.is('(')) return this.call(text, place)
    const keyword = KEYWORDS.get(text)
    if (keyword !== undefined) return { kind: 'keyword', name: keyword, place }
    return { kind: 'word', text, place }
  }

  private selval(place: Place): Expression {
    const { cursor } = this
    cursor.expect('(')
    const test = this.parse()
    cursor.expect(',')
    const yes = this.parse()
    cursor.expect(',')
    const no = this.parse()
    cursor.expect(')')
    return { kind: 'selval', test, yes, no, place }
  }

  private call(name: string, place: Place): Expression {
    const { cursor } = this
    cursor.expect('(')
    const args: Expression[] = []
    if (!cursor.is(')')) {
      do args.push(this.argument())
      while (cursor.accept(','))
    }
    cursor.expect(')', 'a parenthesis is not closed, or a comma is missing')
    if (name === 'route') {
      return { kind: 'route', name: args[0] ?? cursor.fail('the name of a route'), place }
    }
    return { kind: 'call', name, args, place }
  }

  /** An argument is an expression; forward(uri:host, uri:port) has forms of its own. */
  private argument(): Expression {
    const { cursor } = this
    if (cursor.is('uri') && cursor.ahead(1).text === ':') {
      const { place } = cursor.take()
      cursor.take()
      const part = cursor.take().text
      return { kind: 'word', text: `uri:${part}`, place }
    }
    // A parameter left empty, f("a", , "c"), is an empty string.
    if (cursor.is(',') || cursor.is(')'))
      return { kind: 'string', value: '', place: cursor.token.place }
    return this.parse()
  }

  /** What stands beside `src_ip ==`, `method ==` ...: an address with its mask, a host name, a bare word. */
  private keywordOperand(): Expression {
    const { cursor } = this
    const { token } = cursor
    if (token.kind === 'id' && !KEYWORDS.has(token.text) && cursor.ahead(1).text !== '(') {
      const { place } = cursor.take()
      let { text } = token
      // A host name: words, dots and dashes without space between.
      while (cursor.is('.') || (cursor.is('-') && cursor.ahead(1).kind === 'id'))
        text += cursor.take().text + cursor.take().text
      return { kind: 'word', text, place }
    }
    if (token.kind === 'operator' && token.text === '*') {
      cursor.take()
      return { kind: 'word', text: '*', place: token.place }
    }
    return this.parse(10)
  }

  private networkAfter(address: string, place: Place): Expression {
    const { cursor } = this
    if (
      cursor.is('/') &&
      (cursor.ahead(1).kind === 'number' || cursor.ahead(1).kind === 'address')
    ) {
      cursor.take()
      return { kind: 'word', text: `${address}/${cursor.take().text}`, place }
    }
    return { kind: 'word', text: address, place }
  }
}

const isKeyword = (e: Expression): boolean => e.kind === 'keyword'
