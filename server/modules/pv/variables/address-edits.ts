/** Changes of From and To: `$fU = "x"` and its sisters become edits of the received text. */
import { Edit } from '../../../sip/edit.ts'
import { H_FROM } from '../../../sip/header-names.ts'
import { BODY, type SipMessage } from '../../../sip/message.ts'

/** Replaces a piece of the message; an earlier replacement of the same piece goes. */
function replace(msg: SipMessage, at: number, remove: number, text: string): void {
  if (msg.edits !== null && remove > 0)
    msg.edits = msg.edits.filter(edit => edit.at !== at || edit.remove !== remove)
  msg.addEdit(new Edit(at, remove, text))
}

interface Spot {
  displayAt: number
  display: string
  uriAt: number
  uri: string
}

/** Where display name and URI of a header stand in the message; null when it does not parse. */
function spotOf(msg: SipMessage, id: number): Spot | null {
  const index = msg.find(id)
  const address = id === H_FROM ? msg.from : msg.to
  if (index < 0 || address === null) return null
  const body = msg.headers[index + BODY]!
  const { display, uri } = address
  const displayAt = display === '' ? body : msg.raw.indexOf(display, body)
  return { displayAt, display, uriAt: msg.raw.indexOf(uri, displayAt + display.length), uri }
}

export function editUri(msg: SipMessage, id: number, value: string): boolean {
  const spot = spotOf(msg, id)
  if (spot === null || value === '') return false
  replace(msg, spot.uriAt, spot.uri.length, value)
  return true
}

/** '' takes the user away. */
export function editUser(msg: SipMessage, id: number, value: string): boolean {
  const spot = spotOf(msg, id)
  const uri = (id === H_FROM ? msg.from : msg.to)?.sipUri ?? null
  if (spot === null || uri === null) return false
  const at = spot.uriAt + uri.scheme.length + 1
  if (!uri.hasUser) {
    if (value !== '') msg.addEdit(new Edit(at, 0, `${value}@`))
    return true
  }
  const withHost = uri.host === '' ? 0 : 1
  const password = uri.password === '' ? 0 : uri.password.length + 1
  if (value === '') replace(msg, at, uri.wholeUser.length + password + withHost, '')
  else replace(msg, at, uri.user.length, value)
  return true
}

export function editDomain(msg: SipMessage, id: number, value: string): boolean {
  const spot = spotOf(msg, id)
  const uri = (id === H_FROM ? msg.from : msg.to)?.sipUri ?? null
  if (spot === null || uri === null || uri.host === '' || value === '') return false
  const after = uri.hasUser ? spot.uri.indexOf('@') + 1 : uri.scheme.length + 1
  replace(msg, spot.uriAt + after, uri.host.length, value)
  return true
}

/** '' takes the display name away. */
export function editDisplay(msg: SipMessage, id: number, value: string): boolean {
  const spot = spotOf(msg, id)
  if (spot === null) return false
  const { displayAt, display, uriAt, uri } = spot
  if (display !== '') {
    // The blank between name and bracket goes with the name.
    const bracket = msg.raw.indexOf('<', displayAt + display.length)
    if (value === '') replace(msg, displayAt, bracket - displayAt, '')
    else replace(msg, displayAt, display.length, value)
    return true
  }
  if (value === '') return true
  if (msg.raw.charCodeAt(uriAt - 1) === 0x3c) msg.addEdit(new Edit(uriAt - 1, 0, `${value} `))
  else {
    // RFC 3261 section 20.10: with a display name the URI must stand in brackets.
    msg.addEdit(new Edit(uriAt, 0, `${value} <`))
    msg.addEdit(new Edit(uriAt + uri.length, 0, '>'))
  }
  return true
}
