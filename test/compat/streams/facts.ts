// What a client sends over a TCP connection, well-formed or not, and what comes back: the same
// stories for the real Kamailio, when they are recorded, and for us.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

export const FOLDER = import.meta.dirname

export interface Story {
  readonly name: string
  /** Pieces in the order in which they leave; {options}, {x*N} and the like are longer texts. */
  readonly sends: readonly string[]
  /** The client says that it sends nothing more. */
  readonly halfClosed?: boolean
  /** First lines of the replies; `pong` is a line end, `end` that the server closed. */
  came?: string[]
}

export const readStories = (): Story[] =>
  JSON.parse(readFileSync(join(FOLDER, 'stories.json'), 'utf8')) as Story[]

/** Both servers run it. */
export const SCRIPT = `#!KAMAILIO
children=1
tcp_children=1
tcp_rd_buf_size=262144
loadmodule "ctl.so"
loadmodule "sl.so"
loadmodule "pv.so"
request_route {
  sl_send_reply("200", "OK $ru $(rb{s.len})");
}
`

const options = (user: string, body = ''): string =>
  `OPTIONS sip:${user} SIP/2.0\r\nVia: SIP/2.0/TCP x.invalid;branch=z9hG4bK1\r\n` +
  `From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n` +
  `Content-Length: ${body.length}\r\n\r\n${body}`

const TEXTS: Record<string, string> = {
  options: options('one'),
  second: options('two'),
  'options with a body': options('one', 'x'.repeat(100)),
  large: options('one', 'x'.repeat(65_536)),
  'just fits': options('one', 'x'.repeat(65_000)),
  'no length': options('one').replace(/Content-Length.*\r\n/, ''),
  'no via': options('one').replace(/Via.*\r\n/, ''),
  'no call id': options('one').replace(/Call-ID.*\r\n/, ''),
  'old version': options('one').replace('SIP/2.0', 'SIP/3.0'),
  'half a line': options('one').replace(' SIP/2.0', ''),
  'length 5 of 0': options('one').replace('Content-Length: 0', 'Content-Length: 5'),
  'length x': options('one').replace('Content-Length: 0', 'Content-Length: x'),
  'length -1': options('one').replace('Content-Length: 0', 'Content-Length: -1'),
  'length of 20 digits': options('one').replace(': 0', ': 18446744073709551616'),
  'two lengths': options('one').replace(/(Content-Length.*\r\n)/, '$1Content-Length: 5\r\n'),
  'line feeds': options('one').replaceAll('\r\n', '\n'),
  'short names': options('one').replace('Content-Length', 'l').replace('Call-ID', 'i'),
  'a length with spaces': options('one').replace('Content-Length: 0', 'Content-Length  :   0  '),
  'a folded length': options('one').replace('Content-Length: 0', 'Content-Length:\r\n 0'),
  start: options('one').slice(0, 50),
  end: options('one').slice(50),
  reply: options('one').replace('OPTIONS sip:one SIP/2.0', 'SIP/2.0 200 OK'),
}

const spelled = (text: string): string =>
  text
    .replace(/\{(.)\*(\d+)\}/g, (_, mark: string, count: string) => mark.repeat(Number(count)))
    .replace(/\{([^}]+)\}/g, (whole, name: string) => TEXTS[name] ?? whole)

/** First lines of the replies in these bytes. */
function words(text: string): string[] {
  const came: string[] = []
  for (let rest = text; rest !== ''; ) {
    if (rest.startsWith('\r\n')) {
      came.push('pong')
      rest = rest.slice(2)
      continue
    }
    const end = rest.indexOf('\r\n\r\n')
    came.push(rest.slice(0, rest.indexOf('\r\n')))
    rest = end < 0 ? '' : rest.slice(end + 4)
  }
  return came
}

/** What a story ends with for us: its answer is the sign that nothing else comes. */
const LAST = options('last')

/**
 * Plays a story to the server at this port: with `quietMs` until nothing came for so long, without
 * until a request behind everything else was answered, or the server has closed.
 */
export async function play(
  port: number,
  { sends, halfClosed }: Story,
  quietMs = 0,
): Promise<string[]> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  let text = ''
  let ended = false
  await new Promise<void>(done => {
    let timer: NodeJS.Timeout | undefined
    const later = (): void => {
      clearTimeout(timer)
      if (quietMs > 0) timer = setTimeout(done, quietMs)
    }
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      text += String(chunk)
      if (text.includes('sip:last')) done()
      later()
    })
    for (const event of ['end', 'error'] as const)
      socket.on(event, () => {
        ended = true
        done()
      })
    void sendAll().then(later)
  })
  socket.destroy()
  const came = words(text).filter(line => !line.includes('sip:last'))
  return ended ? [...came, 'end'] : came

  async function sendAll(): Promise<void> {
    for (const piece of sends) {
      const bytes = Buffer.from(spelled(piece.replace(/^\+/, '')), 'latin1')
      const step = piece.startsWith('+') ? 1 : bytes.length
      for (let at = 0; at < bytes.length; at += step) {
        socket.write(bytes.subarray(at, at + step))
        await new Promise(next => setImmediate(next))
      }
    }
    if (halfClosed === true) socket.end()
    else if (quietMs === 0) socket.write(LAST)
  }
}
