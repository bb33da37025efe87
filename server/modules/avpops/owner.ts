/** Whose attributes: the first argument of avp_db_load and its sisters. */
import type { DbTerm } from '../../core/db/api.ts'
import { is } from '../../core/db/api.ts'
import type { Formats } from '../../core/core.ts'
import { BadValue, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { endOfVariable } from './avp-name.ts'
import type { Avpops } from './avpops.ts'
import type { Scheme } from './scheme.ts'

type Kind = 'uri' | 'username' | 'domain' | 'uuid'
const KINDS: readonly string[] = ['uri', 'username', 'domain', 'uuid']

/** Variables that are URIs; anything else names a uuid. */
const URIS = /^\$(ru|fu|tu|ou)$/

export interface OwnerArg {
  readonly kind: Kind
  readonly valueOf: (msg: SipMessage) => PvValue
}

/** Throws BadValue. */
export function readOwner(text: string, formats: Formats): OwnerArg {
  const slash = endOfVariable(text)
  const what = slash < 0 ? text : text.slice(0, slash)
  const flag = slash < 0 ? '' : text.slice(slash + 1).toLowerCase()
  if (slash >= 0 && !KINDS.includes(flag))
    throw new BadValue(`unknown flag <${flag}>`, `one of ${KINDS.join(', ')}`)
  const kind = slash < 0 ? (URIS.test(what) ? 'uri' : 'uuid') : (flag as Kind)
  if (!what.startsWith('$')) return { kind, valueOf: () => what }
  const variable = formats.pvar(what)
  return { kind, valueOf: msg => variable.get(msg) }
}

/** The columns that say whose a row is; '' where they do not matter. */
export interface Owner {
  readonly uuid: string
  readonly username: string
  readonly domain: string
}

/** null, and the log says why, when the message names nobody. */
export function ownerOf(self: Avpops, msg: SipMessage, { kind, valueOf }: OwnerArg): Owner | null {
  const value = valueOf(msg)
  if (value === null) {
    self.error('failed to get the value of the source')
    return null
  }
  const text = String(value)
  if (kind === 'uuid') return { uuid: text, username: '', domain: '' }
  const uri = parseUri(text)
  if (uri === null) {
    self.error(`failed to parse uri <${text}>`)
    return null
  }
  if (uri.user === '' || uri.host === '') {
    self.error(`incomplete uri <${text}>`)
    return null
  }
  const username = kind === 'domain' ? '' : uri.user
  const hasDomain = kind === 'domain' || (kind === 'uri' && self.config.use_domain !== 0)
  return { uuid: '', username, domain: hasDomain ? uri.host : '' }
}

/** The rows of an owner. */
export function termsOf(self: Avpops, owner: Owner, scheme: Scheme | null): DbTerm[] {
  const { config } = self
  const columns = [
    [scheme?.uuid ?? config.uuid_column, owner.uuid],
    [scheme?.username ?? config.username_column, owner.username],
    [scheme?.domain ?? config.domain_column, owner.domain],
  ] as const
  const terms = columns.filter(([, value]) => value !== '')
  // A uuid that is empty names nobody, not everybody.
  if (terms.length === 0) return [is(columns[0][0], 'string', '')]
  return terms.map(([column, value]) => is(column, 'string', value))
}
