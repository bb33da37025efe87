/** prefix2domain() and pd_translate(): the domain of a prefix becomes that of the request URI. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'
import type { Pdt } from './pdt.ts'
import type { Entry } from './tree.ts'

/** Prefixes of all callers. */
const EVERYBODY = '*'

/** What of the user goes: the parameter prefix alone, or nothing. Otherwise the prefix, too. */
const KEEP_PREFIX = 1
const KEEP_ALL = 2

/** Whose prefixes: those of the caller's domain, or else everybody's. */
const OF_CALLER = 1
const OF_CALLER_OR_ALL = 2

export function prefixToDomain(self: Pdt, msg: SipMessage, mode = 0, whose = 0): Verdict {
  if (whose !== OF_CALLER && whose !== OF_CALLER_OR_ALL)
    return translated(self, msg, [EVERYBODY], mode)
  const source = self.sourceOf(msg)
  return translated(self, msg, whose === OF_CALLER ? [source] : [source, EVERYBODY], mode)
}

export const translate = (self: Pdt, msg: SipMessage, source: string, mode: number): Verdict =>
  translated(self, msg, [source], mode)

function translated(self: Pdt, msg: SipMessage, sources: readonly string[], mode: number): Verdict {
  const uri = msg.sipUri
  if (uri === null) {
    self.error('failed to parse the R-URI')
    return -1
  }
  const { prefix } = self.config
  if (uri.user.length <= prefix.length || !uri.user.startsWith(prefix)) return -1
  const found = entryOf(self, sources, uri.user.slice(prefix.length))
  if (found === null) return -1
  const inFront = mode === KEEP_ALL ? 0 : prefix.length
  const stripped = mode === KEEP_ALL || mode === KEEP_PREFIX ? 0 : found.prefix.length
  msg.setUri(printed(uri, uri.user.slice(inFront + stripped), found.domain))
  return 1
}

function entryOf(self: Pdt, sources: readonly string[], number: string): Entry | null {
  for (const source of sources) {
    const found = self.trees.current.get(source)?.find(number) ?? null
    if (found === null) continue
    if ('prefix' in found) return found
    self.error(`invalid char at ${found.badCharacter} in [${number}]`)
  }
  return null
}

/** Of the old URI stay scheme, password and what is left of the user. */
function printed({ scheme, password }: SipUri, user: string, domain: string): string {
  if (user === '') return `${scheme}:${domain}`
  return `${scheme}:${user}${password === '' ? '' : `:${password}`}@${domain}`
}
