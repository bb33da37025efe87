/** Which destination of a set a message goes to: the algorithms. */
import { H_AUTHORIZATION, H_PROXY_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type Dispatcher, USER_ONLY } from './dispatcher.ts'
import { hashOf, hashOfUri } from './hash.ts'
import type { DestinationSet } from './set.ts'
import { isDown } from './states.ts'
import type { SipUri } from '../../sip/uri.ts'

export const CALL_ID = 0
const FROM_URI = 1
const TO_URI = 2
const REQUEST_URI = 3
export const BY_TURNS = 4
export const AUTH_USER = 5
const RANDOM = 6
const VARIABLE = 7
const SERIAL = 8
const WEIGHT = 9
export const CALL_LOAD = 10
const RELATIVE_WEIGHT = 11
export const PARALLEL = 12
export const LATENCY = 13

/** Nothing to hash: the log says why. */
const FAILED = -1

function refuse(self: Dispatcher, text: string): number {
  self.error(text)
  return FAILED
}

function uriHash(self: Dispatcher, uri: SipUri | null | undefined, what: string): number {
  if (uri === null || uri === undefined) return refuse(self, `can't get ${what} hash`)
  return hashOfUri(uri, (self.config.flags & USER_ONLY) !== 0)
}

/** '' when there are no credentials. */
function authUser(msg: SipMessage): string {
  const body = msg.header(H_PROXY_AUTHORIZATION) ?? msg.header(H_AUTHORIZATION)
  if (body === null) return ''
  const start = body.search(/\busername\s*=\s*"/i)
  if (start < 0) return ''
  const open = body.indexOf('"', start)
  const close = body.indexOf('"', open + 1)
  const name = close < 0 ? '' : body.slice(open + 1, close)
  const at = name.indexOf('@')
  return (at < 0 ? name : name.slice(0, at)).trim()
}

function variableHash(self: Dispatcher, msg: SipMessage): number {
  const text = self.config.hash_pvar?.(msg).trim() ?? ''
  return text === '' ? refuse(self, "can't get PV hash") : hashOf(text)
}

/** A number for the place in the set, which may be beyond its end; FAILED when there is none. */
export function numberFor(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  algorithm: number,
): number {
  switch (algorithm) {
    case CALL_ID:
      return msg.callId === '' ? refuse(self, "can't get callid hash") : hashOf(msg.callId.trim())
    case FROM_URI:
      return uriHash(self, msg.from?.sipUri, 'From uri')
    case TO_URI:
      return uriHash(self, msg.to?.sipUri, 'To uri')
    case REQUEST_URI:
      return uriHash(self, msg.sipUri, 'ruri')
    case AUTH_USER: {
      const user = authUser(msg)
      return user === '' ? set.nextByTurns() : hashOf(user)
    }
    case BY_TURNS:
      return set.nextByTurns()
    case RANDOM:
      return self.core.random.uint32()
    case VARIABLE:
      return variableHash(self, msg)
    case WEIGHT:
      return set.nextByWeight()
    case RELATIVE_WEIGHT:
      return set.nextByRelativeWeight()
    case SERIAL:
    case PARALLEL:
      return 0
    default:
      self.warn(`algo ${algorithm} not implemented - using first entry...`)
      return 0
  }
}

/** How many destinations of the set are chosen from: the default one is for need only. */
export const countOf = (self: Dispatcher, set: DestinationSet): number =>
  self.config.use_default !== 0 && set.list.length !== 1 ? set.list.length - 1 : set.list.length

/** The one at `start` or the first one behind it that is up; -1 when none is. */
export function firstUp(self: Dispatcher, set: DestinationSet, start: number): number {
  const count = countOf(self, set)
  for (let i = 0; i < count; i++) {
    const index = (start + i) % count
    if (!isDown(set.list[index]!.flags)) return index
  }
  const last = set.list.length - 1
  return self.config.use_default !== 0 && !isDown(set.list[last]!.flags) ? last : -1
}

/** The one with the fewest calls that may have more; -1 when none may. */
export function leastLoaded(set: DestinationSet): number {
  let best = -1
  for (const [index, { flags, load, attributes }] of set.list.entries()) {
    if (isDown(flags)) continue
    if (attributes.maxload !== 0 && load >= attributes.maxload) continue
    if (best < 0 || load < set.list[best]!.load) best = index
  }
  return best
}

/** Places in the set, those first whose priority is high for their latency. */
export function byLatency(self: Dispatcher, set: DestinationSet): number[] {
  const count = countOf(self, set)
  const ranked: { index: number; rank: number }[] = []
  for (let i = 0; i < count; i++) {
    const index = (set.last + i) % count
    const { flags, priority, latency, attributes } = set.list[index]!
    if (isDown(flags)) continue
    const wait = Math.trunc(
      attributes.congestionControl ? latency.estimate - latency.average : latency.estimate,
    )
    const handicap = wait > priority && priority > 0 ? Math.floor(wait / priority) : 0
    const rank = priority > 0 ? Math.max(1, priority - handicap) : priority
    ranked.push({ index, rank })
  }
  ranked.sort((a, b) => b.rank - a.rank)
  return ranked.map(({ index }) => index)
}
