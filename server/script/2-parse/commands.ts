/**
 * Calls. Most take expressions; some functions of the language itself take words of their own:
 * flags and routes by bare name, `forward(uri:host, uri:port)`,
 * `force_send_socket(udp:10.0.0.1:5060)`.
 */
import { span } from '../1-read/source.ts'
import type { CallNode, Expression } from './ast.ts'
import { found, type Parser } from './parser.ts'

/** Written with or without `()`. */
const BARE = new Set([
  ...['force_rport', 'add_rport', 'add_local_rport', 'revert_uri', 'force_tcp_alias'],
  ...['add_tcp_alias', 'set_forward_no_connect', 'set_reply_no_connect'],
  ...['set_forward_close', 'set_reply_close'],
])

/** Arguments are taken as they are written: addresses, ports, transports. */
const RAW = new Set([
  ...['forward', 'forward_udp', 'forward_tcp', 'forward_tls', 'forward_sctp'],
  ...['force_send_socket', 'set_advertised_address', 'udp_mtu_try_proto'],
])

/** forward() alone does without an address. */
const WITH_TARGET = ['forward_udp', 'forward_tcp', 'forward_tls', 'forward_sctp']

/** A bare word is a name here: of a flag, of a route. */
const NAMES = new Set([
  ...['route', 'setflag', 'resetflag', 'isflagset'],
  ...['setavpflag', 'resetavpflag', 'isavpflagset'],
])

/** The call at the word here. */
export function parseCommand(p: Parser): CallNode {
  const word = p.take()
  const name = word.text
  if (!p.is('(')) {
    if (BARE.has(name)) return { kind: 'call', name, args: [], at: word }
    p.fail(word, 'CFG_NO_CALL', name)
  }
  p.take()
  const args: Expression[] = []
  // Kamailio passes over a comma that stands first.
  if (p.is(',') && !RAW.has(name)) p.report.warn(p.take(), 'CFG_FIRST_COMMA')
  if (WITH_TARGET.includes(name) && p.is(')'))
    p.fail(p.token, 'CFG_SYNTAX', found(p.token), 'uri:host or an address')
  if (!p.is(')')) {
    do args.push(argument(p, name))
    while (p.accept(','))
  }
  const close = p.expect(')')
  return { kind: 'call', name, args, at: span(word, close) }
}

function argument(p: Parser, name: string): Expression {
  const { token } = p
  const alone = [',', ')'].includes(p.ahead(1).text) && p.ahead(1).kind === 'punctuation'
  if (token.kind === 'word' && alone && !RAW.has(name) && token.text !== 'max_len') {
    p.take()
    if (!NAMES.has(name)) p.report.error(token, 'CFG_BARE_WORD', token.text)
    return { kind: 'word', value: token.text, at: token }
  }
  if (RAW.has(name) && token.kind !== 'pvar') return rawArgument(p, name)
  return p.expression()
}

/** Everything up to the next comma or the closing parenthesis, as one text. */
function rawArgument(p: Parser, name: string): Expression {
  const start = p.token
  const alone = [',', ')'].includes(p.ahead(1).text)
  if (start.kind === 'number' && alone) {
    if (p.last.text === '(' && name !== 'set_advertised_port')
      p.fail(start, 'CFG_SYNTAX', found(start), 'an address')
    return p.expression()
  }
  if (name === 'udp_mtu_try_proto' && start.kind !== 'word')
    p.fail(start, 'CFG_SYNTAX', found(start), 'UDP, TCP, TLS or SCTP')
  let text = ''
  while (!p.is(',') && !p.is(')')) {
    if (p.token.kind === 'end' || p.is(';')) p.fail(p.token, 'CFG_SYNTAX', found(p.token), "')'")
    text += p.take().text
  }
  return { kind: 'text', value: text, at: span(start, p.last) }
}
