/** Where the user comes from: the first argument of the functions. */
import type { Formats } from '../../core/core.ts'
import { BadValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'

export interface GroupUser {
  readonly user: string
  readonly domain: string
}

export type Source = (msg: SipMessage) => GroupUser | null

/** The words, in letters of either case. */
const WORDS: Readonly<Record<string, Source>> = {
  'request-uri': msg => partsOf(msg.sipUri),
  to: msg => partsOf(msg.to?.sipUri ?? null),
  from: msg => partsOf(msg.from?.sipUri ?? null),
  credentials: msg => {
    const found = msg.authorization ?? msg.proxyAuthorization
    if (found === null) return null
    return { user: found.user, domain: found.domain || (found.realm ?? '') }
  },
}

const partsOf = (uri: { user: string; host: string } | null): GroupUser | null =>
  uri === null ? null : { user: uri.user, domain: uri.host }

/** Reads a word, a variable with a URI, or a URI (KEMI scripts give one). */
export function readSource(text: string, formats: Formats): Source {
  const word = WORDS[text.toLowerCase()]
  if (word !== undefined) return word
  if (text.startsWith('$')) {
    const variable = formats.pvar(text)
    return msg => {
      const value = variable.get(msg)
      return typeof value === 'string' ? partsOf(parseUri(value)) : null
    }
  }
  const uri = parseUri(text)
  if (uri === null)
    throw new BadValue(
      `unsupported User Field identifier ${text}`,
      'Request-URI, To, From, Credentials or a variable',
    )
  return () => partsOf(uri)
}
