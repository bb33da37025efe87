/** Functions that take something out of a session description; the rest stays to the byte. */
import { Edit } from '../../sip/edit.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { codecOf, idsOf, listOf } from './codecs.ts'
import { type Description, describe, type Line, type Media } from './description.ts'
import type { Sdpops } from './sdpops.ts'

const cut = (msg: SipMessage, start: number, end: number): void =>
  msg.addEdit(new Edit(start, end - start, ''))

const cutLine = (msg: SipMessage, line: Line): void => cut(msg, line.start, line.next)

/** All, or those of one kind; scripts in real languages write nothing for all. */
const sections = (sdp: Description, type: string): Media[] =>
  type === '' ? sdp.media : sdp.media.filter(media => media.type === type)

/** The numbers go from the m= line, and the lines that are about them. */
function cutCodecs(msg: SipMessage, media: Media, goes: (id: string) => boolean): void {
  for (const format of media.formats) if (goes(format.id)) cut(msg, format.start, format.end)
  for (const line of media.lines) {
    const id = codecOf(line.text)
    if (id !== null && goes(id)) cutLine(msg, line)
  }
}

type ById = (sdp: Description, list: string) => string[]
const byId: ById = (_sdp, list) => listOf(list)
const byName: ById = (sdp, list) => idsOf(sdp, listOf(list))

const codecs =
  (ids: ById, keep: boolean) =>
  (_self: Sdpops, msg: SipMessage, list: string, type = ''): Verdict => {
    const sdp = describe(msg)
    if (sdp === null) return -1
    const named = new Set(ids(sdp, list))
    for (const media of sections(sdp, type)) cutCodecs(msg, media, id => named.has(id) !== keep)
    return 1
  }

export const removeById = codecs(byId, false)
export const removeByName = codecs(byName, false)
export const keepById = codecs(byId, true)
export const keepByName = codecs(byName, true)

const removeSections =
  (goes: (media: Media, wanted: string) => boolean) =>
  (_self: Sdpops, msg: SipMessage, wanted: string): Verdict => {
    const found = (describe(msg)?.media ?? []).filter(media => goes(media, wanted))
    for (const media of found) cut(msg, media.lines[0]!.start, media.end)
    return found.length > 0 ? 1 : -1
  }

export const removeMedia = removeSections((media, type) => media.type === type)
export const removeTransport = removeSections((media, transport) => media.transport === transport)

/** In one kind of media only, or everywhere. */
export function removeLines(_self: Sdpops, msg: SipMessage, prefix: string, type = ''): Verdict {
  const sdp = describe(msg)
  if (sdp === null) return -1
  const lines = type === '' ? sdp.lines : sections(sdp, type).flatMap(media => media.lines)
  for (const line of lines) if (line.text.startsWith(prefix)) cutLine(msg, line)
  return 1
}
