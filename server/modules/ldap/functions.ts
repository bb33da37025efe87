/** The functions of ldap: a search, and what the config reads of its entries. */
import type { Formats } from '../../core/core.ts'
import type { Format, PvHandle, Verdict } from '../../core/module/index.ts'
import { BadValue } from '../../core/module/index.ts'
import type { Substitution } from '../../core/substitution.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Ldap } from './ldap.ts'
import { escapeFilter, readSearchUrl } from './search-url.ts'
import { toldBy } from './session.ts'

const NOT_FOUND = -1
const FAILED = -2

export interface Target {
  readonly attribute: string
  readonly into: PvHandle
  readonly number: boolean
}

/** `telephoneNumber/$avp(tel)`, `telephoneNumber/$avp(tel)/int` */
export function readTarget(text: string, formats: Formats): Target {
  const [, attribute = '', into = '', type = ''] =
    /^\s*([^/\s]+)\s*\/\s*(\$.+?)\s*(?:\/\s*(int|str)\s*)?$/.exec(text) ?? []
  if (into === '') throw new BadValue(`"${text}" names no AVP`, 'attribute/$avp(name)[/int]')
  return { attribute: attribute.toLowerCase(), into: formats.target(into), number: type === 'int' }
}

export interface Comparison {
  readonly attribute: string
  readonly text: Format
}

/** `sn/$rU` */
export function readComparison(text: string, formats: Formats): Comparison {
  const slash = text.indexOf('/')
  const attribute = text.slice(0, slash).trim().toLowerCase()
  if (slash < 0 || attribute === '')
    throw new BadValue(`"${text}" compares nothing`, 'attribute/string')
  return { attribute, text: formats.compile(text.slice(slash + 1)) }
}

/** How many entries; -1 when there is none. */
export async function search(self: Ldap, msg: SipMessage, url: string): Promise<Verdict> {
  const wanted = readSearchUrl(url)
  if (wanted === null) {
    self.error(`invalid LDAP URL [${url}]`)
    return FAILED
  }
  const session = self.sessions.get(wanted.session)
  if (session === undefined) {
    self.error(`[${wanted.session}]: ldap_session not found`)
    return NOT_FOUND
  }
  try {
    const entries = await session.search(wanted)
    self.keep(msg, entries)
    return entries.length > 0 ? entries.length : NOT_FOUND
  } catch (error) {
    const { base, filter } = wanted
    const what = `LDAP search (dn [${base}], filter [${filter}])`
    self.error(`[${wanted.session}]: ${what} failed: ${toldBy(error as Error)}`)
    return FAILED
  }
}

/** Values of the entry; null when there was no search. Those that do not match are left out. */
function valuesOf(
  self: Ldap,
  msg: SipMessage,
  attribute: string,
  by: Substitution | undefined,
): string[] | null {
  const found = self.last(msg)
  if (found === null) return null
  const values = found.entries[found.at]?.get(attribute) ?? []
  if (by === undefined) return [...values]
  return values.map(value => by.apply(msg, value)).filter(value => value !== null)
}

/** How many values were stored. */
export function result(
  self: Ldap,
  msg: SipMessage,
  { attribute, into, number }: Target,
  by: Substitution | undefined,
): Verdict {
  const values = valuesOf(self, msg, attribute, by)
  if (values === null || into.set === null) return FAILED
  const stored = number ? values.filter(value => /^\s*[-+]?\d+\s*$/.test(value)) : values
  for (const value of stored) into.set(msg, number ? Number(value) : value)
  return stored.length > 0 ? stored.length : NOT_FOUND
}

export function resultCheck(
  self: Ldap,
  msg: SipMessage,
  { attribute, text }: Comparison,
  by: Substitution | undefined,
): Verdict {
  const values = valuesOf(self, msg, attribute, by)
  if (values === null) return FAILED
  return values.includes(text(msg)) ? 1 : NOT_FOUND
}

/** At the last entry it stays there. */
export function resultNext(self: Ldap, msg: SipMessage): Verdict {
  const found = self.last(msg)
  if (found === null) return FAILED
  if (found.at + 1 >= found.entries.length) return NOT_FOUND
  found.at++
  return 1
}

export function filterUrlEncode(
  _self: Ldap,
  msg: SipMessage,
  text: string,
  into: PvHandle,
): Verdict {
  into.set?.(msg, escapeFilter(text))
  return 1
}
