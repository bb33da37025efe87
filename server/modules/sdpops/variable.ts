/** $sdp(...): parts of a session description. */
import { BadValue, keyed, type Pvar, type PvValue } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type Description, describe, lineWith } from './description.ts'
import { sdpText } from './questions.ts'
import type { Sdpops } from './sdpops.ts'

const PARTS = [
  'body',
  'raw',
  'sess_version',
  'c:ip',
  'c:af',
  'o:ip',
  'm0:raw',
  'm0:rtp:port',
  'm0:rtcp:port',
  'm0:b:AS',
  'm0:b:RR',
  'm0:b:RS',
] as const
type Part = (typeof PARTS)[number]

function readPart(inner: string): Part {
  const part = PARTS.find(known => known === inner.trim())
  if (part !== undefined) return part
  throw new BadValue(`${inner} is no part of a session description`, PARTS.join(', '))
}

/** RFC 8866 section 5.2: o=<username> <sess-id> <sess-version> <nettype> <addrtype> <address>. */
function version(sdp: Description): { text: string; at: number } | null {
  const line = lineWith(sdp.lines, 'o=')
  const found = line === null ? null : /^o=\S+ \S+ (\d+)/.exec(line.text)
  if (line === null || found === null) return null
  return { text: found[1]!, at: line.start + found[0].length - found[1]!.length }
}

const word = (text: string | undefined, index: number): string | null =>
  text?.split(' ')[index] ?? null

/** RFC 3605: a=rtcp says the port, else it is the one above that of RTP. */
function rtcpPort(sdp: Description): PvValue {
  const media = sdp.media[0]
  if (media === undefined) return null
  const found = /^a=rtcp:(\d+)/.exec(lineWith(media.lines, 'a=rtcp:')?.text ?? '')
  return found === null ? media.port + 1 : Number(found[1])
}

/** A bandwidth of the first stream. */
function bandwidth(sdp: Description, kind: string): PvValue {
  const line = lineWith(sdp.media[0]?.lines ?? [], `b=${kind}:`)
  return line === null ? null : line.text.slice(kind.length + 3)
}

function partOf(msg: SipMessage, sdp: Description, part: Part): PvValue {
  const media = sdp.media[0]
  const connection = lineWith(sdp.lines, 'c=')?.text
  switch (part) {
    case 'body':
    case 'raw':
      return sdpText(msg)
    case 'sess_version':
      return version(sdp)?.text ?? null
    case 'c:ip':
      return word(connection, 2)
    case 'c:af':
      return word(connection, 1)
    case 'o:ip':
      return word(lineWith(sdp.lines, 'o=')?.text, 5)
    case 'm0:raw':
      return media === undefined ? null : msg.raw.slice(media.lines[0]!.start, media.end)
    case 'm0:rtp:port':
      return media?.port ?? null
    case 'm0:rtcp:port':
      return rtcpPort(sdp)
    default:
      return bandwidth(sdp, part.slice('m0:b:'.length))
  }
}

/** Only the version may be set; -1 counts it up. It may exceed 32 bits. */
function set(self: Sdpops, msg: SipMessage, value: PvValue, part: Part): void {
  const sdp = describe(msg)
  const old = sdp === null ? null : version(sdp)
  const text = String(value)
  if (part !== 'sess_version' || !/^(?:\d+|-1)$/.test(text))
    self.core.log.error('sdpops', `$sdp(${part}) cannot be set to ${text}`)
  else if (old !== null) {
    const next = text === '-1' ? String(BigInt(old.text) + 1n) : text
    msg.addEdit(new Edit(old.at, old.text.length, next))
  }
}

export const sdp: Pvar<Sdpops> = keyed({
  doc: 'A part of the session description: body, sess_version; since 6 c:ip, m0:rtp:port ...',
  parse: readPart,
  get: (_self: Sdpops, msg, part: Part) => {
    const found = describe(msg)
    return found === null ? null : partOf(msg, found, part)
  },
  set,
})
