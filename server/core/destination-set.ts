/**
 * The destination set of a request (request URI and branches) as the Contact header of a redirect.
 */
import type { SipMessage } from '../sip/message.ts'

export const RICH_FLAGS = 1
export const RICH_PATH = 2

function qText(q: number): string {
  if (q < 0) return ''
  return q >= 1000 ? ';q=1' : `;q=0.${String(q).padStart(3, '0').replace(/0+$/, '') || '0'}`
}

function contact(uri: string, q: number, flags: number, path: string, rich: number): string {
  const headers =
    (rich & RICH_PATH) !== 0 && path !== '' ? `?Route=${encodeURIComponent(path)}` : ''
  const bits = (rich & RICH_FLAGS) !== 0 && flags !== 0 ? `;flags=${flags}` : ''
  return `<${uri}${headers}>${qText(q)}${bits}`
}

/**
 * `Contact: ...` with its line end, or '' when the set is empty: the request URI counts only when
 * it was changed.
 */
export function redirectContact(msg: SipMessage, rich: number): string {
  const contacts: string[] = []
  if (msg.newUri !== null)
    contacts.push(contact(msg.newUri, msg.q, msg.branchFlags, msg.path, rich))
  for (const b of msg.branches ?? []) contacts.push(contact(b.uri, b.q, b.flags, b.path, rich))
  return contacts.length === 0 ? '' : `Contact: ${contacts.join(', ')}\r\n`
}
