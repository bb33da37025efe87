/** Route blocks. */
import type { RouteKind } from '../../core/module/index.ts'
import { span } from '../1-read/source.ts'
import { RESERVED, type Token } from '../1-read/tokens.ts'
import type { RouteNode } from './ast.ts'
import { found, type Parser } from './parser.ts'
import { parseBlock } from './statements.ts'

const KINDS: Record<string, RouteKind> = {
  route: 'route',
  request_route: 'request',
  failure_route: 'failure',
  branch_route: 'branch',
  onreply_route: 'onreply',
  reply_route: 'onreply',
  onsend_route: 'onsend',
  event_route: 'event',
}

const EVENT_NAME = /[A-Za-z][A-Za-z0-9_-]*(?::[A-Za-z][A-Za-z0-9_-]*)+/

/**
 * `route[NAME] { ... }` and its kin; `route {}` is request_route, `onreply_route[0] {}`
 * reply_route.
 */
export function parseRoute(p: Parser): RouteNode {
  const word = p.take()
  let kind = KINDS[word.text]!
  let name = ''
  if (p.is('[')) {
    if (word.text === 'request_route' || word.text === 'reply_route')
      p.fail(p.token, 'CFG_ROUTE_UNNAMED', word.text)
    p.take()
    name = kind === 'event' ? eventName(p) : routeName(p)
    p.expect(']')
  } else if (kind === 'event') p.fail(p.token, 'CFG_SYNTAX', found(p.token), "'[group:name]'")
  if (kind === 'route' && (name === '' || name === '0')) kind = 'request'
  if (name === '0' || kind === 'request') name = ''
  const at = span(word, p.last)
  return { kind: 'route', route: kind, name, body: parseBlock(p), at }
}

function routeName(p: Parser): string {
  const token = p.take()
  if (token.kind === 'number' && token.note !== 'word') return String(token.value)
  if (!['word', 'number', 'numid', 'string'].includes(token.kind) || token.text === '')
    p.fail(token, 'CFG_SYNTAX', found(token), 'a route name')
  if (p.is('-') || p.is('.') || p.is(':')) p.fail(p.token, 'CFG_ROUTE_NAME', token.text)
  if (token.kind === 'numid') p.fail(token, 'CFG_ROUTE_NAME', token.text)
  if (token.kind === 'word' && RESERVED.has(token.text))
    p.fail(token, 'CFG_RESERVED', token.text, `"${token.text}"`)
  return token.text
}

/** `tm:local-request`: several tokens without blank space between them. */
function eventName(p: Parser): string {
  const start = p.token
  let name = ''
  let last: Token | null = null
  while (!p.is(']') && p.token.kind !== 'end') {
    if (last !== null && p.token.start !== last.end) break
    last = p.take()
    name += last.text
  }
  const [event] = EVENT_NAME.exec(name) ?? []
  if (event === undefined) return p.fail(span(start, p.last), 'CFG_EVENT_NAME', name)
  // Kamailio passes over what is no part of such a name.
  if (event !== name) p.report.warn(span(start, p.last), 'CFG_EVENT_PART', name, event)
  return event
}
