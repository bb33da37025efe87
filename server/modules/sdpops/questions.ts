/** Functions that look at a session description. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { idsOf, listOf } from './codecs.ts'
import { type Description, describe, lineWith, type Media } from './description.ts'
import type { Sdpops } from './sdpops.ts'

const NO_SDP = -2

/** Codecs that are there, and others that are not. */
const SOME = 2

export const hasContent = (_self: Sdpops, msg: SipMessage): Verdict =>
  describe(msg) === null ? -1 : 1

const withSection =
  (fits: (media: Media, wanted: string, sdp: Description) => boolean) =>
  (_self: Sdpops, msg: SipMessage, wanted: string): Verdict => {
    const sdp = describe(msg)
    return sdp?.media.some(media => fits(media, wanted, sdp)) ? 1 : -1
  }

export const withMedia = withSection((media, type) => media.type === type)
export const withTransport = withSection((media, transport) => media.transport === transport)
export const withTransportLike = withSection((media, part) => media.transport.includes(part))

/** Port 0 (RFC 3264 section 5.1) and inactive streams carry nothing. */
function isActive(media: Media, sdp: Description): boolean {
  if (media.port === 0) return false
  const mode = /^a=(?:sendrecv|sendonly|recvonly|inactive)$/
  const own = media.lines.find(line => mode.test(line.text))
  const inForce = own ?? sdp.session.find(line => mode.test(line.text))
  return inForce?.text !== 'a=inactive'
}

export const withActiveMedia = withSection(
  (media, type, sdp) => media.type === type && isActive(media, sdp),
)

/** 1: all of them in all streams, 2: some, -1: none. */
function presence(sdp: Description, ids: readonly string[]): Verdict {
  let found = false
  let missing = false
  for (const { formats } of sdp.media) {
    for (const id of ids) {
      if (formats.some(format => format.id === id)) found = true
      else missing = true
    }
  }
  if (found) return missing ? SOME : 1
  return -1
}

export function withCodecsById(_self: Sdpops, msg: SipMessage, list: string): Verdict {
  const sdp = describe(msg)
  return sdp === null ? NO_SDP : presence(sdp, listOf(list))
}

export function withCodecsByName(_self: Sdpops, msg: SipMessage, list: string): Verdict {
  const sdp = describe(msg)
  return sdp === null ? -1 : presence(sdp, idsOf(sdp, listOf(list)))
}

/** RFC 8839: candidates make it an offer of ICE. */
export const withIce = (_self: Sdpops, msg: SipMessage): Verdict =>
  lineWith(describe(msg)?.lines ?? [], 'a=candidate') === null ? -1 : 1

/** 4 or 6, of the first c= line. */
export function addressFamily(_self: Sdpops, msg: SipMessage): Verdict {
  const connection = lineWith(describe(msg)?.lines ?? [], 'c=')?.text ?? ''
  if (connection.startsWith('c=IN IP4')) return 4
  return connection.startsWith('c=IN IP6') ? 6 : -1
}

/** The text of the description; null when there is none. */
export function sdpText(msg: SipMessage): string | null {
  const sdp = describe(msg)
  return sdp === null ? null : msg.raw.slice(sdp.span.start, sdp.span.end)
}

export function getText(_self: Sdpops, msg: SipMessage, into: PvHandle): Verdict {
  const text = sdpText(msg)
  if (text === null) return NO_SDP
  into.set!(msg, text)
  return 1
}

export function getLine(_self: Sdpops, msg: SipMessage, into: PvHandle, prefix: string): Verdict {
  const sdp = describe(msg)
  if (sdp === null) return NO_SDP
  const line = lineWith(sdp.lines, prefix)
  if (line === null) return -1
  into.set!(msg, line.text)
  return 1
}

/** The transport of the first m= line. */
export function getTransport(_self: Sdpops, msg: SipMessage, into: PvHandle): Verdict {
  const media = describe(msg)?.media[0]
  if (media === undefined) return NO_SDP
  into.set!(msg, media.transport)
  return 1
}

export function print(self: Sdpops, msg: SipMessage): Verdict {
  const sdp = describe(msg)
  if (sdp === null) return -1
  for (const { type, port, transport, formats, lines } of sdp.media) {
    const ids = formats.map(format => format.id).join(' ')
    const text = `stream ${type} ${port} ${transport} ${ids}, ${lines.length} lines`
    self.core.log.info('sdpops', text)
  }
  return 1
}
