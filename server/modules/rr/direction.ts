/**
 * What a route of ours tells about a request within a dialog: who sent it, and the parameters that
 * were noted.
 */
import { BadValue, type PvValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { DOWNSTREAM, UPSTREAM } from './api.ts'
import { firstRoute, MALFORMED } from './routes.ts'
import type { RecordRoute } from './rr.ts'

export function direction(text: string): number {
  const word = text.toLowerCase()
  if (word === 'downstream') return DOWNSTREAM
  if (word === 'upstream') return UPSTREAM
  throw new BadValue(`"${text}" is no direction`, 'downstream or upstream')
}

export function isDirection(self: RecordRoute, msg: SipMessage, wanted: number): Verdict {
  return self.isDirection(msg, wanted) ? 1 : -1
}

export function checkRouteParam(self: RecordRoute, msg: SipMessage, expression: RegExp): Verdict {
  const params = self.routeParams(msg)
  return params !== '' && expression.test(params) ? 1 : -1
}

export function nextHopRoute(self: RecordRoute, msg: SipMessage): Verdict {
  return self.hasRouteAhead(msg) ? 1 : -1
}

export function routeUri(_self: RecordRoute, msg: SipMessage): PvValue {
  const first = firstRoute(msg)
  return first === null || first === MALFORMED ? '' : first.text
}

export type DirectionAttribute = 'id' | 'name'

export function directionAttribute(text: string): DirectionAttribute {
  if (text === 'id' || text === 'name') return text
  throw new BadValue(`$rdir(${text}) is unknown`, '$rdir(id) or $rdir(name)')
}

export function readDirection(
  self: RecordRoute,
  msg: SipMessage,
  attribute: DirectionAttribute,
): PvValue {
  const upstream = self.isDirection(msg, UPSTREAM)
  if (attribute === 'id') return upstream ? UPSTREAM : DOWNSTREAM
  return upstream ? 'upstream' : 'downstream'
}

const fromTag = (msg: SipMessage): PvValue => msg.from?.tag || null
const toTag = (msg: SipMessage): PvValue => msg.to?.tag || null

export function initialFromTag(self: RecordRoute, msg: SipMessage): PvValue {
  return self.isDirection(msg, UPSTREAM) ? toTag(msg) : fromTag(msg)
}

export function initialToTag(self: RecordRoute, msg: SipMessage): PvValue {
  return self.isDirection(msg, UPSTREAM) ? fromTag(msg) : toTag(msg)
}
