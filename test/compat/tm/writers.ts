// Requests that t_write_unix and t_write_req write, and how the real Kamailio wrote them.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { UnixDatagram } from '../../../server/core/rpc/unix-datagram.ts'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'

export interface Writing {
  readonly name: string
  /** The request's first line, and what stands in place of the usual headers. */
  readonly send: string
  readonly headers: string[]
  readonly body?: string
  /** What was written, with HASH for the transaction's name. */
  wrote?: string
}

export const MODULES = ['tm', 'tmx', 'sl', 'rr', 'pv', 'textops', 'jsonrpcs']
export const HEAD = [`listen=udp:127.0.0.1:${SERVER_PORT}`]

const APPENDS = [
  'all:hdr[X-Me];ua=hdr[User-Agent];msg[body];avp[x];av=avp[s:x];no=avp[no];f=hdr[From];n=avp[n]',
  'via: hdr[Via]',
]
export const PARAMS = APPENDS.map(value => `modparam("tm", "tw_append", "${value}")`)

/** X-Info says what is written, and how. */
export const routes = (folder: string): string => {
  const socket = join(folder, 'writers.sock')
  const cases = ['info', 'info/all', 'two words/via'].map(
    info => `case "${info}": t_write_unix("${socket}", "${info}"); break;`,
  )
  return `request_route {
  $avp(x) = "val";
  $avp(n) = 5;
  if (is_present_hf("X-Uri")) $ru = $hdr(X-Uri);
  if (!t_newtran()) exit;
  switch ($hdr(X-Info)) { ${cases.join('\n')} }
  t_reply("404", "Not Here");
}`
}

/** Hears what is written. */
export async function listen(folder: string, heard: (text: string) => void): Promise<UnixDatagram> {
  const path = join(folder, 'writers.sock')
  rmSync(path, { force: true })
  return await UnixDatagram.open({
    path,
    mode: 0o600,
    timeoutMs: 100,
    onMessage: message => heard(masked(message.toString('latin1'))),
    onError: text => heard(text),
  })
}

const masked = (text: string): string => text.replace(/^\d+:\d+$/m, 'HASH')

export function requestText({ send, headers, body = '' }: Writing, number: number): string {
  const method = send.slice(0, send.indexOf(' '))
  const usual = [
    `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bKwriter${number}`,
    'From: "Al" <sip:a@x>;tag=ft;q=1',
    'To: Bob <sip:bob@x;p>;tag=tt',
    'Contact: "C" <sip:a@127.0.0.1:25992;y>;expires=3',
    `Call-ID: writer${number}@host`,
    `CSeq: 7 ${method}`,
    'Max-Forwards: 70',
    'X-Info: info',
  ]
  const named = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase()
  const own = new Set(headers.map(named))
  const lines = [...usual.filter(line => !own.has(named(line))), ...headers]
  const kept = lines.filter(line => line !== 'Contact:')
  const head = [`${send} SIP/2.0`, ...kept, `Content-Length: ${body.length}`]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
