/**
 * The HTTP server that is asked in the cases of http_client, with and without TLS. Each path
 * answers in a way of its own.
 */
import { readFileSync } from 'node:fs'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createHash } from 'node:crypto'
import type { KeyPair } from '../../kit/certificates.ts'

export const WEB_PORT = 25_471
export const SECURE_PORT = 25_472
/** Nothing listens here. */
export const CLOSED_PORT = 25_473

const LINES = 'one\ntwo\nthree\n'
const NONCE = 'dcd98b7102dd2f0e8b11d0f600bfb0c0'

/** Headers that are worth telling, in the order in which they came. */
const told = (request: IncomingMessage): string => {
  const { rawHeaders } = request
  const lines: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!/^(host|content-length|connection)$/i.test(rawHeaders[i]!))
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return lines.toSorted().join('; ')
}

function redirect(to: string, code = 302): (request: IncomingMessage, out: ServerResponse) => void {
  return (_request, out) => {
    out.writeHead(code, { Location: to, 'Content-Type': 'text/redirect' })
    out.end('gone\n')
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** Digest: user `ann`, password `secret`. */
function digest(request: IncomingMessage, out: ServerResponse): void {
  const given = request.headers.authorization ?? ''
  const value = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(given)?.[1] ?? ''
  const ha1 = md5('ann:web:secret')
  const ha2 = md5(`${request.method}:${request.url}`)
  const middle = [value('nonce'), value('nc'), value('cnonce'), value('qop')].join(':')
  if (given.startsWith('Digest') && value('response') === md5(`${ha1}:${middle}:${ha2}`)) {
    out.end('digested\n')
    return
  }
  const challenge = `Digest realm="web", nonce="${NONCE}", qop="auth", algorithm=MD5`
  out.writeHead(401, { 'WWW-Authenticate': challenge })
  out.end('who are you\n')
}

function basic(request: IncomingMessage, out: ServerResponse): void {
  const { authorization } = request.headers
  if (authorization !== undefined) out.end(`${authorization}\n`)
  else out.writeHead(401, { 'WWW-Authenticate': 'Basic realm="web"' }).end('who are you\n')
}

const PATHS: Readonly<Record<string, (request: IncomingMessage, out: ServerResponse) => void>> = {
  '/lines': (_request, out) => void out.end(LINES),
  '/line': (_request, out) => void out.end('just one'),
  '/crlf': (_request, out) => void out.end('one\r\ntwo\r\n'),
  '/blank': (_request, out) => void out.end('\nsecond\n'),
  '/empty': (_request, out) => void out.end(),
  '/created': (_request, out) => void out.writeHead(201).end('made\nit\n'),
  '/nothing': (_request, out) => void out.writeHead(204).end(),
  '/missing': (_request, out) => void out.writeHead(404).end('not here\nat all\n'),
  '/broken': (_request, out) => void out.writeHead(500).end('broken\nto bits\n'),
  '/busy': (_request, out) => void out.writeHead(503).end('busy\n'),
  '/big': (_request, out) => void out.end('0123456789'.repeat(30)),
  '/huge': (_request, out) => void out.end('0123456789'.repeat(20_000)),
  '/redirect': redirect('/lines'),
  '/redirect301': redirect('/echo', 301),
  '/redirect302': redirect('/echo', 302),
  '/redirect303': redirect('/echo', 303),
  '/redirect307': redirect('/echo', 307),
  '/redirect308': redirect('/echo', 308),
  '/loop': redirect('/loop'),
  '/away': redirect(`http://127.0.0.1:${CLOSED_PORT}/`),
  '/silent': () => undefined,
  '/drop': request => void request.socket.destroy(),
  '/half': (request, out) => {
    out.writeHead(200, { 'Content-Length': '100' })
    out.write('half of it\n')
    setTimeout(() => request.socket.destroy(), 50)
  },
  '/garbage': request => void request.socket.end('what?\r\n\r\n'),
  '/basic': basic,
  '/digest': digest,
}

/** Connections by the number of requests that came over them. */
const seen = new WeakMap<object, number>()

const listener: RequestListener = (request, out) => {
  const { socket, url = '' } = request
  seen.set(socket, (seen.get(socket) ?? 0) + 1)
  const path = url.replace(/\?.*/, '')
  let body = ''
  request.setEncoding('latin1')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    const answer = PATHS[path]
    if (answer !== undefined) answer(request, out)
    else if (path === '/count') out.end(`${seen.get(socket)}\n`)
    else out.end(`${request.method} ${url} | ${told(request)} | ${body}\n`)
  })
}

/** Starts both; the returned function ends them. */
export async function startWeb({ certificate, key }: KeyPair): Promise<() => Promise<void>> {
  const secrets = { cert: readFileSync(certificate), key: readFileSync(key) }
  const servers: [Server, number][] = [
    [createServer(listener), WEB_PORT],
    [createSecureServer(secrets, listener), SECURE_PORT],
  ]
  for (const [server, port] of servers)
    await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  return async () => {
    for (const [server] of servers) {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    }
  }
}
