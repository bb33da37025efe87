/** The Contacts that we put in the place of those of the phones: each names its dialog. */
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import { contactOf } from './pack.ts'
import { DOWNSTREAM, type TopologyRecord } from './data.ts'
import type { Topos } from './topos.ts'

// ---- contact_mode
/** The user part is the name of the dialog. */
export const NAME_IN_USER = 0
/** The user part is that of the Contact and of the request URI; the name is in a parameter. */
const KEEP_USER = 1
/** The same with user parts that $xavu has. */
export const XAVU_USER = 2

/** Shorter ones are no names of dialogs. */
const SHORTEST = 10

/** The name of a dialog in the request URI, '' when there is none. */
export function dialogIn(self: Topos, uri: string): string {
  const parsed = parseUri(uri)
  if (parsed === null) return ''
  const { contact_mode: mode, cparam_name } = self.config
  const name = mode === NAME_IN_USER ? parsed.user : (parsed.param(cparam_name) ?? '')
  const ours = name.startsWith('atpsh-') || name.startsWith('btpsh-')
  return ours && name.length >= SHORTEST ? name : ''
}

/**
 * Makes what each side gets as Contact, from our Record-Routes that the record has in its place.
 * False when something is missing for it.
 */
export function fillContacts(
  self: Topos,
  record: TopologyRecord,
  msg: SipMessage,
  name: string,
): boolean {
  if (record.bs_contact !== '') {
    const contact = contactFor(self, record.bs_contact, msg, `b${name}`, callerUser)
    if (contact === null) return false
    record.b_uuid = `b${name}`
    record.bs_contact = contact
  }
  if (record.as_contact !== '') {
    const contact = contactFor(self, record.as_contact, msg, `a${name}`, calleeUser)
    if (contact === null) return false
    record.a_uuid = `a${name}`
    record.as_contact = contact
  }
  return true
}

type UserOf = (self: Topos, msg: SipMessage) => string | null

function contactFor(
  self: Topos,
  route: string,
  msg: SipMessage,
  uuid: string,
  userOf: UserOf,
): string | null {
  const uri = parseUri(route)
  if (uri === null) {
    self.error('failed to parse the uri')
    return null
  }
  const { config } = self
  const host = self.xavu(msg, config.xavu_field_contact_host) || config.contact_host || uri.host
  const port = uri.port === '' ? '' : `:${uri.port}`
  const transport = uri.param('transport')
  const place = `${host}${port}${transport ? `;transport=${transport}` : ''}`
  if (config.contact_mode === NAME_IN_USER) return `<${uri.scheme}:${uuid}@${place}>`
  const user = userOf(self, msg)
  if (user === null) return null
  return `<${uri.scheme}:${user === '' ? '' : `${user}@`}${place};${config.cparam_name}=${uuid}>`
}

function callerUser(self: Topos, msg: SipMessage): string | null {
  if (self.config.contact_mode !== KEEP_USER)
    return xavuUser(self, msg, self.config.xavu_field_a_contact, 'a')
  const contact = contactOf(msg)
  const uri = contact === null || contact === '' ? null : parseUri(contact)
  if (uri !== null) return uri.user
  self.core.log.warn('topos', 'bad sip message or missing Contact header')
  return null
}

function calleeUser(self: Topos, msg: SipMessage): string | null {
  return self.config.contact_mode === KEEP_USER
    ? (parseUri(msg.originalUri)?.user ?? null)
    : xavuUser(self, msg, self.config.xavu_field_b_contact, 'b')
}

function xavuUser(self: Topos, msg: SipMessage, field: string, side: string): string | null {
  const user = self.xavu(msg, field)
  if (user !== '') return user
  self.error(`could not evaluate ${side} contact xavu`)
  return null
}

/** The Contact that a side gets in a message that goes in this direction. */
export const contactTowards = (
  record: TopologyRecord,
  request: boolean,
  direction: number,
): string => ((direction === DOWNSTREAM) === request ? record.bs_contact : record.as_contact)
