/** Addresses of our own: listen, alias, and Kamailio 6's socket = { ... }. */
import { isIPv4, isIPv6 } from 'node:net'
import { span } from '../1-read/source.ts'
import { PROTO_WORDS, TOP_WORDS } from '../1-read/tokens.ts'
import type { AliasNode, Endpoint, ListenNode } from './ast.ts'
import { found, type Parser } from './parser.ts'

/**
 * A host as it is written: name, IPv4, IPv6 with or without brackets (given without), or a string.
 */
export function hostText(p: Parser): string {
  const { token } = p
  if (token.kind === 'string' || token.kind === 'ipv6') return p.take().text
  if (p.is('[')) {
    p.take()
    const address = p.token
    if (address.kind !== 'ipv6') p.fail(address, 'CFG_SYNTAX', found(address), 'an IPv6 address')
    p.take()
    p.expect(']')
    return address.text
  }
  if (!isLabel(p)) p.fail(token, 'CFG_SYNTAX', found(token), 'an address or a host name')
  let text = p.take().text
  // `.` and `-` join the labels of a name.
  while ((p.is('.') || p.is('-')) && ['word', 'number', 'numid'].includes(p.ahead(1).kind))
    text += p.take().text + p.take().text
  if (/^[\d.]+$/.test(text) && !isIPv4(text)) p.fail(span(token, p.last), 'CFG_ADDRESS', text)
  return text
}

function isLabel(p: Parser): boolean {
  const { kind } = p.token
  return kind === 'word' || kind === 'number' || kind === 'numid'
}

/** `[proto:]host[:port]`, where the host may be a list in parentheses; an alias may say `*`. */
function endpoint(p: Parser, anyPort = false): Endpoint {
  let proto = ''
  if (p.ahead(1).text === ':' && (PROTO_WORDS.includes(p.token.text) || p.is('*'))) {
    proto = p.take().text.toLowerCase()
    p.take()
  }
  const hosts: string[] = []
  if (p.accept('(')) {
    do hosts.push(hostText(p))
    while (p.accept(','))
    p.expect(')')
  } else hosts.push(hostText(p))
  const given = p.accept(':') && !(anyPort && p.accept('*'))
  return { proto: proto === '*' ? '' : proto, hosts, port: given ? port(p) : 0 }
}

function port(p: Parser): number {
  const token = p.take()
  if (token.kind !== 'number' || token.value < 0 || token.value > 65535)
    p.fail(token, 'CFG_PORT', found(token))
  return token.value
}

/** They follow an address, in this order. */
const SOCKET_WORDS = ['advertise', 'ADVERTISE', 'name', 'NAME', 'virtual']

/**
 * Does one more element of a list stand here, and not the next statement (`x = ...`, `group.name =
 * ...`)?
 */
function listGoesOn(p: Parser): boolean {
  const { token } = p
  if (token.kind === 'ipv6' || token.kind === 'string' || p.is('[')) return true
  if (token.kind === 'punctuation') return p.is('(') || (p.is('*') && p.ahead(1).text === ':')
  if (token.kind === 'end' || TOP_WORDS.includes(token.text)) return false
  if (SOCKET_WORDS.includes(token.text)) return false
  if (!isLabel(p)) return false
  // A name is taken whole; what counts is whether `=` follows it.
  const start = p.position
  p.take()
  while (['.', '-', '[', ']'].includes(p.token.text) && p.token.kind === 'punctuation') {
    p.take()
    if (isLabel(p) && p.last.text !== ']') p.take()
  }
  const next = p.is('=')
  p.rewind(start)
  return !next
}

/** `listen = udp:10.0.0.1:5060 advertise 1.2.3.4:5060 name "x" virtual ...`, several in a row. */
export function parseListen(p: Parser): ListenNode[] {
  const keyword = p.take()
  p.expect('=')
  const nodes: ListenNode[] = []
  do {
    const start = p.token
    const socket = endpoint(p)
    // A string is a host and nothing else.
    for (const host of socket.hosts)
      if (host.includes(':') && !isIPv6(host)) p.fail(start, 'CFG_HOST_TEXT', host)
    if (socket.proto === 'ws' || socket.proto === 'wss')
      p.fail(start, 'CFG_LISTEN_PROTO', socket.proto)
    const advertise = p.accept('advertise') || p.accept('ADVERTISE') ? endpoint(p) : null
    const name = p.accept('name') || p.accept('NAME') ? nameText(p) : ''
    const virtual = p.accept('virtual')
    nodes.push({ kind: 'listen', socket, advertise, name, virtual, at: span(start, p.last) })
  } while (listGoesOn(p))
  if (nodes.length === 0) p.fail(keyword, 'CFG_SYNTAX', found(p.token), 'an address')
  return nodes
}

function nameText(p: Parser): string {
  const token = p.take()
  if (token.kind !== 'string') p.fail(token, 'CFG_SYNTAX', found(token), 'a string')
  return token.text
}

/** `alias = sip.example.org "b.example.org:5070" tcp:c.example.org`. */
export function parseAlias(p: Parser): AliasNode[] {
  p.take()
  p.expect('=')
  const nodes: AliasNode[] = []
  do {
    const start = p.token
    const written = endpoint(p, true)
    const alias = start.kind === 'string' && written.port === 0 ? split(written) : written
    nodes.push({ kind: 'alias', alias, at: span(start, p.last) })
  } while (listGoesOn(p))
  return nodes
}

/** A string may hold all of `proto:host:port`. */
function split(written: Endpoint): Endpoint {
  const text = written.hosts[0]!
  const parts = /^(?:(udp|tcp|tls|sctp|ws|wss):)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/i.exec(text)
  if (parts === null) return written
  const host = parts[2]!.replace(/^\[(.*)\]$/, '$1')
  return { proto: (parts[1] ?? '').toLowerCase(), hosts: [host], port: Number(parts[3] ?? 0) }
}

/**
 * Kamailio 6: `socket = { bind = udp:10.0.0.1:5060; advertise = ...; name = "x"; workers = 2;
 * virtual = yes; }`.
 */
export function parseSocket(p: Parser): ListenNode[] {
  const keyword = p.take()
  p.expect('=')
  p.expect('{')
  if (p.strict56) p.report.error(keyword, 'CFG_ONLY_6', 'socket')
  let socket: Endpoint | null = null
  let advertise: Endpoint | null = null
  let name = ''
  let virtual = false
  while (!p.is('}')) {
    const attribute = p.take()
    p.expect('=')
    if (attribute.text === 'bind') socket = endpoint(p)
    else if (attribute.text === 'advertise') advertise = endpoint(p)
    else if (attribute.text === 'name') name = nameText(p)
    else if (attribute.text === 'virtual') virtual = p.take().value !== 0
    else if (['workers', 'agname', 'vrf'].includes(attribute.text)) p.take()
    else p.fail(attribute, 'CFG_SOCKET_ATTRIBUTE', attribute.text)
    while (p.accept(';'));
  }
  p.expect('}')
  if (socket === null) return p.fail(keyword, 'CFG_SOCKET_BIND')
  return [{ kind: 'listen', socket, advertise, name, virtual, at: span(keyword, p.last) }]
}
