/** What stands outside of the routes. */
import { moduleName } from '../1-read/defines.ts'
import { positionText, span, type Place } from '../1-read/source.ts'
import { RESERVED, ROUTE_WORDS, type Token } from '../1-read/tokens.ts'
import type {
  FlagsNode,
  Literal,
  ModParamNode,
  NumberNode,
  Script,
  TextNode,
  TopNode,
  VariableNode,
} from './ast.ts'
import { parseRoute } from './blocks.ts'
import { parseBinary, parseExpression } from './expressions.ts'
import { found, type Grammar, type Parser, Resync } from './parser.ts'
import { hostText, parseAlias, parseListen, parseSocket } from './sockets.ts'
import { parseBlock } from './statements.ts'

export const grammar: Grammar = {
  expression: parseExpression,
  binary: parseBinary,
  block: parseBlock,
}

/** Parameters whose value may be an address or a host name without quotes. */
const ADDRESS_PARAMS = ['advertised_address', 'tcp_source_ipv4', 'tcp_source_ipv6', 'mcast']

export function parseScript(p: Parser): Script {
  const items: TopNode[] = []
  while (p.token.kind !== 'end') {
    if (p.accept(';')) continue
    const start = p.position
    try {
      items.push(...parseItem(p))
    } catch (error) {
      if (!(error instanceof Resync)) throw error
      if (p.position === start) p.take()
      p.skipItem()
    }
  }
  refuseTwice(p, items)
  return { items }
}

/** Kamailio loads a module once. */
function refuseTwice(p: Parser, items: readonly TopNode[]): void {
  const lines = new Map<string, string>()
  for (const node of items) {
    if (node.kind !== 'loadmodule') continue
    const first = lines.get(node.module)
    if (first === undefined) lines.set(node.module, positionText(node.at))
    else p.report.error(node.at, 'CFG_MODULE_TWICE', node.module, first)
  }
}

function parseItem(p: Parser): TopNode[] {
  const { token } = p
  if (token.kind !== 'word' && token.kind !== 'numid')
    p.fail(token, 'CFG_SYNTAX', found(token), 'a parameter, a module or a route')
  if (ROUTE_WORDS.includes(token.text)) return [parseRoute(p)]
  switch (token.text) {
    case 'loadmodule':
    case 'loadmodulex':
      return loadModule(p)
    case 'loadpath':
    case 'mpath':
    case 'cfgengine':
      return setting(p)
    case 'modparam':
    case 'modparamx':
      return [modParam(p)]
    case 'flags':
    case 'bool':
    case 'avpflags':
      return [flags(p)]
    case 'listen':
      return parseListen(p)
    case 'alias':
    case 'domain':
      if (p.ahead(1).text === '=') return parseAlias(p)
      break
    case 'socket':
      if (p.ahead(1).text === '=') return parseSocket(p)
  }
  if (p.ahead(1).text === '=') return [coreParam(p)]
  if (p.ahead(1).text === '.' || p.ahead(1).text === '[') return [variable(p)]
  return p.fail(token, 'CFG_UNKNOWN_STATEMENT', token.text, p.ahead(1).text === '(')
}

function loadModule(p: Parser): TopNode[] {
  const word = p.take()
  const parenthesized = p.accept('(')
  if (parenthesized && p.strict56) p.report.error(word, 'CFG_ONLY_6', 'loadmodule(...)')
  const path = text(p)
  const module = word.text === 'loadmodulex' ? p.expand(path.value) : path.value
  if (parenthesized) {
    if (p.accept(',')) text(p)
    p.expect(')')
  }
  return [{ kind: 'loadmodule', module: moduleName(module), at: span(word, path.at) }]
}

/** `mpath "dir"` or `mpath = "dir"`. */
function setting(p: Parser): TopNode[] {
  const word = p.take()
  p.accept('=')
  const value = text(p)
  return [{ kind: 'setting', name: word.text, value: value.value, at: span(word, value.at) }]
}

function text(p: Parser): TextNode {
  const token = p.take()
  if (token.kind !== 'string') p.fail(token, 'CFG_SYNTAX', found(token), 'a string in quotes')
  return { kind: 'text', value: token.text, at: token }
}

/** A number, perhaps negative, or a string. */
function value(p: Parser): NumberNode | TextNode {
  const start = p.token
  if (p.accept('-')) {
    const number = p.take()
    if (number.kind !== 'number') p.fail(number, 'CFG_SYNTAX', found(number), 'a number')
    return { kind: 'number', value: -number.value | 0, at: span(start, number) }
  }
  if (start.kind === 'number') {
    p.take()
    return { kind: 'number', value: start.value, at: start }
  }
  if (start.kind === 'word') p.fail(start, 'CFG_BARE_VALUE', start.text)
  return text(p)
}

/** modparam("modules", "name", value) */
function modParam(p: Parser): ModParamNode {
  const word = p.take()
  const evaluated = word.text === 'modparamx'
  p.expect('(')
  const modules = text(p)
  p.expect(',')
  const name = text(p)
  p.expect(',')
  let given: NumberNode | TextNode
  if (evaluated && p.token.kind === 'pvar') {
    const token = p.take()
    given = { kind: 'text', value: token.text, at: token }
  } else given = value(p)
  const close = p.expect(')')
  return { kind: 'modparam', modules, name, value: given, evaluated, at: span(word, close) }
}

/** `flags ACC:1, MISSED`: names for the numbers of setflag() and its kin. */
function flags(p: Parser): FlagsNode {
  const word = p.take()
  const list: { name: string; bit: number | null; at: Place }[] = []
  do {
    const token = p.take()
    if (token.kind !== 'word' && token.kind !== 'string')
      p.fail(token, 'CFG_SYNTAX', found(token), 'the name of a flag')
    let bit: number | null = null
    if (p.accept(':')) {
      const number = p.take()
      if (number.kind !== 'number') p.fail(number, 'CFG_SYNTAX', found(number), 'a number')
      bit = number.value
    }
    list.push({ name: token.text, bit, at: token })
  } while (p.accept(','))
  return { kind: 'flags', avp: word.text === 'avpflags', flags: list, at: span(word, p.last) }
}

/** `name = value` of the core. */
function coreParam(p: Parser): TopNode {
  const word = p.take()
  p.expect('=')
  const given = literal(p, word.text)
  return { kind: 'param', name: word.text, value: given, at: span(word, given.at) }
}

function literal(p: Parser, name: string): Literal {
  const start = p.token
  const dotted = ['.', '-'].includes(p.ahead(1).text) || start.kind === 'ipv6' || p.is('[')
  if (ADDRESS_PARAMS.includes(name) && start.kind !== 'string' && (dotted || !p.is('-'))) {
    if (dotted || start.kind === 'word')
      return { kind: 'word', value: hostText(p), at: span(start, p.last) }
  }
  if (start.kind === 'word') {
    p.take()
    return { kind: 'word', value: start.text, at: start }
  }
  return value(p)
}

/**
 * `group.name = value desc "..."`, `group[2].name = value`, `kemi.onsend_route_callback = "fn"`.
 */
function variable(p: Parser): TopNode {
  if (p.is('coreparam')) return indexedParam(p)
  const word = p.take()
  if (word.text !== 'kemi') freeName(p, word)
  let instance: number | null = null
  if (p.accept('[')) {
    const number = p.take()
    if (number.kind !== 'number') p.fail(number, 'CFG_SYNTAX', found(number), 'a number')
    instance = number.value
    p.expect(']')
  }
  p.expect('.')
  const name = p.take()
  freeName(p, name)
  p.expect('=')
  if (p.is('-')) p.fail(p.token, 'CFG_VARIABLE_SIGN')
  const given = value(p)
  if (word.text === 'kemi')
    return {
      kind: 'setting',
      name: `kemi.${name.text}`,
      value: String(given.value),
      at: span(word, given.at),
    }
  const hasDoc =
    instance === null && (p.accept('desc') || p.accept('descr') || p.accept('description'))
  const doc = hasDoc ? text(p).value : ''
  const node: VariableNode = {
    kind: 'variable',
    group: word.text,
    instance,
    name: name.text,
    value: given,
    doc,
    at: span(word, p.last),
  }
  return node
}

/** A name that no word of the language is. */
function freeName(p: Parser, token: Token): void {
  if (token.kind !== 'word') p.fail(token, 'CFG_SYNTAX', found(token), 'the name of a variable')
  if (RESERVED.has(token.text) && token.text !== 'default')
    p.fail(token, 'CFG_RESERVED', token.text, 'another name')
}

/** Kamailio 6: `coreparam[iuid] = value`. */
function indexedParam(p: Parser): TopNode {
  const word = p.take()
  if (p.strict56) p.report.error(word, 'CFG_ONLY_6', 'coreparam[...]')
  p.expect('[')
  const name = p.take()
  p.expect(']')
  p.expect('=')
  const given = value(p)
  return {
    kind: 'setting',
    name: `coreparam.${name.text}`,
    value: String(given.value),
    at: span(word, given.at),
  }
}
