// What a WebSocket client sends byte by byte, and what the server answers: the same stories for the
// real Kamailio, when they are recorded, and for us.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'

export const FOLDER = import.meta.dirname

export interface Story {
  readonly name: string
  /** Lines of the handshake without the first one, the key and the version; else the usual ones. */
  readonly headers?: readonly string[]
  /**
   * Frames: `FIRST-BYTE[u] TEXT`, `u` for one without a mask; {options}, {x*N} are longer texts.
   */
  readonly frames: readonly string[]
  /** What came: the answer to the handshake where nothing follows it, else frames; `end`. */
  came?: string[]
}

export const readStories = (): Story[] =>
  JSON.parse(readFileSync(join(FOLDER, 'stories.json'), 'utf8')) as Story[]

/** Both servers run it. */
export const script = (params: string): string => `#!KAMAILIO
children=1
tcp_children=1
tcp_accept_no_cl=yes
tcp_rd_buf_size=262144
loadmodule "ctl.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "xlog.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
${params}
request_route {
  if ($rm == "INFO") { ws_close(4001, "bye now"); exit; }
  sl_send_reply("200", "OK $proto $(rb{s.len})");
}
event_route[xhttp:request] {
  if ($hu =~ "^/close") set_reply_close();
  append_to_reply("X-Own: 1\\r\\n");
  if (ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "none");
}
event_route[websocket:closed] { xlog("L_ERR", "closed $si $proto\\n"); }
`

const USUAL = [
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: sip',
]

const handshake = (headers: readonly string[]): string => {
  const [first, rest] = headers[0]?.endsWith('HTTP/1.1')
    ? [headers[0], headers.slice(1)]
    : ['GET / HTTP/1.1', headers]
  return [first, ...rest, '', ''].join('\r\n')
}

const options = (body: string): string =>
  'OPTIONS sip:example.org SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK1\r\n' +
  'From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n' +
  `Content-Length: ${body.length}\r\n\r\n${body}`

const TEXTS: Record<string, string> = {
  options: options(''),
  info: options('').replaceAll('OPTIONS', 'INFO'),
  large: options('x'.repeat(65_536)),
  'no length': options('').replace(/Content-Length.*\r\n/, ''),
  'wrong length': options('').replace(/Content-Length: 0/, 'Content-Length: 5'),
}

/** The text of a story, spelled out. */
const spelled = (text: string): string =>
  text
    .replace(/\{(\w)\*(\d+)\}/g, (_, mark: string, count: string) => mark.repeat(Number(count)))
    .replace(/\{([a-z ]+)\}/g, (whole, name: string) => TEXTS[name] ?? whole)
    .replace(/\{half\}/g, TEXTS['options']!.slice(0, 40))
    .replace(/\{rest\}/g, TEXTS['options']!.slice(40))

/** One frame; `+` before it: in pieces of one byte. */
function frame(written: string): Buffer {
  const [, first = '', flags = '', text = ''] =
    /^([0-9a-f]{2})([a-z]*) ?([^]*)$/.exec(written) ?? []
  if (flags === 'raw') return Buffer.from(first + text, 'hex')
  const payload = Buffer.from(spelled(text), 'latin1')
  const mask = flags.includes('u') ? null : Buffer.from([1, 2, 3, 4])
  const { length } = payload
  const bit = mask === null ? 0 : 0x80
  const head =
    length < 126
      ? Buffer.from([bit | length])
      : length < 65_536
        ? Buffer.from([bit | 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([bit | 127, 0, 0, 0, 0]), uint32(length)])
  if (mask !== null) for (let i = 0; i < length; i++) payload[i]! ^= mask[i % 4]!
  return Buffer.concat([Buffer.from(first, 'hex'), head, mask ?? Buffer.alloc(0), payload])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const KINDS: Record<number, string> = {
  0: 'more',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
}

/** Frames and HTTP answers out of what came, in words. */
function words(bytes: Buffer): string[] {
  const came: string[] = []
  let at = 0
  while (at < bytes.length) {
    if (bytes.subarray(at, at + 5).toString() === 'HTTP/') {
      const end = bytes.indexOf('\r\n\r\n', at)
      if (end < 0) break
      const lines = bytes.subarray(at, end).toString('latin1').split('\r\n')
      const length = Number(/^Content-Length: (\d+)/im.exec(lines.join('\n'))?.[1] ?? 0)
      came.push([lines[0]!, ...lines.slice(1).map(masked).toSorted()].join(' | '))
      at = end + 4 + length
      continue
    }
    const short = bytes[at + 1]! & 0x7f
    const size = short === 126 ? 4 : short === 127 ? 10 : 2
    if (bytes.length < at + size) break
    const length =
      short === 126
        ? bytes.readUInt16BE(at + 2)
        : short === 127
          ? Number(bytes.readBigUInt64BE(at + 2))
          : short
    const payload = bytes.subarray(at + size, at + size + length)
    const kind = `${KINDS[bytes[at]! & 0xf]}${(bytes[at]! & 0x80) === 0 ? ' (not the last)' : ''}`
    const isClose = (bytes[at]! & 0xf) === 8
    const text =
      isClose && length >= 2
        ? `${payload.readUInt16BE(0)} ${payload.subarray(2).toString('latin1')}`
        : payload.toString('latin1').split('\r\n')[0]!.slice(0, 60)
    came.push(`${kind}: ${text}`)
    at += size + length
  }
  return came
}

const masked = (line: string): string =>
  line
    .replace(/^(Sia: SIP\/2\.0\/\w+ 127\.0\.0\.1:)\d+/, '$1PORT')
    .replace(/^(Server: ).*/, '$1NAME')

/** Plays a story to the server at this port until it is quiet: `quiet` says when. */
export async function play(
  port: number,
  story: Story,
  quiet: (socket: Socket, isQuiet: () => boolean) => Promise<void>,
): Promise<string[]> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const chunks: Buffer[] = []
  let ended = false
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => (ended = true))
  socket.on('end', () => (ended = true))
  const bytes = (): Buffer => Buffer.concat(chunks)
  socket.write(handshake(story.headers ?? USUAL))
  await until(() => ended || bytes().includes('\r\n\r\n'))
  for (const written of story.frames) {
    const pieces = written.startsWith('+')
      ? [...frame(written.slice(1))].map(byte => Buffer.from([byte]))
      : [frame(written)]
    for (const piece of pieces) {
      socket.write(piece)
      if (pieces.length > 1) await new Promise(next => setImmediate(next))
    }
  }
  const saidGoodbye = (): boolean => words(bytes()).at(-1)?.startsWith('close') === true
  const isQuiet = (): boolean => ended || bytes().includes(QUIET) || saidGoodbye()
  if (!ended) await quiet(socket, isQuiet)
  const came = words(bytes()).filter(one => !one.endsWith(QUIET))
  socket.destroy()
  const shown = story.frames.length === 0 ? came : came.slice(1)
  return ended && !saidGoodbye() ? [...shown, 'end'] : shown
}

/** What a ping says whose pong means that nothing comes any more. */
const QUIET = 'quiet?'

/** Waits for the pong to a ping behind everything else, or the end. */
export async function pinged(socket: Socket, isQuiet: () => boolean): Promise<void> {
  socket.write(frame(`89 ${QUIET}`))
  await until(isQuiet)
}

async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise(next => setTimeout(next, 2))
}
