/** $snd, $sndto and $sndfrom: the packet that onsend_route is about to let go. */
import type { Destination } from '../../../sip/transport.ts'
import { protoName } from '../../../sip/transport.ts'
import { keyed, type Pvar, type PvValue } from '../../../core/module/index.ts'
import { familyOf } from '../../../lib/ip.ts'
import type { Pv } from '../pv.ts'
import { oneOf } from './words.ts'

const WORDS = ['ip', 'port', 'af', 'proto', 'sproto', 'buf', 'len'] as const
type Word = (typeof WORDS)[number]

/** The end of the way that is asked for: address and port. */
type End = (to: Destination) => { readonly ip: string; readonly port: number } | null

const theirs: End = to => to
const ours: End = ({ socket }) =>
  socket === null ? null : { ip: socket.address, port: socket.port }

const part =
  (end: End) =>
  (self: Pv, _msg: unknown, word: Word): PvValue => {
    const { sending } = self.core.routes
    if (sending === null) return null
    const { text, to } = sending
    switch (word) {
      case 'buf':
        return text
      case 'len':
        return text.length
      case 'proto':
        return to.proto
      case 'sproto':
        return protoName(to.proto)
      case 'ip':
        return end(to)?.ip ?? null
      case 'port':
        return end(to)?.port ?? null
      case 'af':
        return familyOf(to.ip)
    }
  }

const row = (doc: string, end: End): Pvar<Pv> => keyed({ doc, parse: oneOf(WORDS), get: part(end) })

export const sendingVariables: Record<string, Pvar<Pv>> = {
  snd: row('In onsend_route, where it goes: ip port af proto sproto buf len.', theirs),
  sndto: row('The same.', theirs),
  sndfrom: row('The same of the socket that it leaves from.', ours),
}
