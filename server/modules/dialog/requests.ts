/** Requests of our own within a dialog (RFC 3261 section 12.2.1.1). */
import { splitList } from '../../sip/header/list.ts'
import { protoName } from '../../sip/transport.ts'
import { digitsOf, parseUri } from '../../sip/uri.ts'
import type { ClientRequest } from '../tm/api.ts'
import { CALLEE, CALLER } from './api.ts'
import { differenceOf } from './cseq.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

export interface Target {
  readonly uri: string
  /** '' without another next hop. */
  readonly nextHop: string
}

/**
 * Where a Contact is reached: the parameter `alias=ip~port~transport`, which was put there for a
 * phone behind a NAT, is the address that it really has.
 */
export function targetOf(contact: string): Target {
  const alias = contact.includes(';alias=') ? parseUri(contact)?.param('alias') : null
  const [ip, port, proto] = (alias ?? '').split('~')
  const transport = proto === undefined ? '' : protoName(digitsOf(proto))
  if (!ip || !port || transport === '' || transport === 'none') return { uri: contact, nextHop: '' }
  const uri = contact.replace(`;alias=${alias}`, '')
  return { uri, nextHop: `sip:${ip}:${port};transport=${transport}` }
}

/** The other side's last number: the request has the next one. */
export function lastNumber(dialog: Dialog, side: number): number {
  const { cseq } = dialog.legs[side === CALLER ? CALLEE : CALLER]!
  return cseq === '' || /\D/.test(cseq) ? -1 : Number(cseq)
}

/** A request to one side; null when too little is known of it. `headers` are whole lines. */
export function requestTo(
  self: Dialogs,
  dialog: Dialog,
  side: number,
  method: string,
  headers: string,
): ClientRequest | null {
  const leg = dialog.legs[side]!
  const other = dialog.legs[side === CALLER ? CALLEE : CALLER]!
  if (leg.contact === '') {
    self.error('no contact available')
    return null
  }
  const number = lastNumber(dialog, side)
  if (number < 0) {
    self.error('invalid cseq')
    return null
  }
  const routes = leg.routeSet === '' ? [] : splitList(leg.routeSet)
  const target = routes.length === 0 ? targetOf(leg.contact) : { uri: leg.contact, nextHop: '' }
  const { fromUri, toUri } = dialog
  return {
    method,
    uri: target.uri,
    from: `<${side === CALLER ? toUri : fromUri}>`,
    fromTag: other.tag,
    to: `<${side === CALLER ? fromUri : toUri}>`,
    toTag: leg.tag,
    callId: dialog.callId,
    cseq: number + 1 + (side === CALLEE ? differenceOf(dialog) : 0),
    routes,
    nextHop: target.nextHop,
    socket: leg.socket,
    headers,
  }
}

/** Header lines end with a line end, whatever a config left out. */
export const wholeLines = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\r\n`
