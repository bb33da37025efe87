/** Chooses a destination and keeps the others of its set for the case that it fails. */
import { addBranch, newBranch } from '../../core/branch.ts'
import { XavpList, xavpsOf } from '../../core/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import { INVITE } from '../../sip/method.ts'
import { protoName, type SocketInfo } from '../../sip/transport.ts'
import {
  AUTH_USER,
  BY_TURNS,
  byLatency,
  CALL_ID,
  CALL_LOAD,
  countOf,
  firstUp,
  LATENCY,
  leastLoaded,
  numberFor,
  PARALLEL,
} from './choose.ts'
import type { Destination } from './destination.ts'
import { type Dispatcher, FAILOVER } from './dispatcher.ts'
import type { DestinationSet } from './set.ts'
import { isDown } from './states.ts'

// ---- what is set to the destination
export const NEXT_HOP = 0
export const DOMAIN = 1
export const NOTHING = 2

// ---- fields of xavp_dst
export const URI = 'uri'
export const GROUP = 'grp'
export const DUID = 'dstid'
const ATTRIBUTES = 'attrs'
export const SOCKET = 'sock'
const SOCKET_TEXT = 'socket'
const SOCKET_NAME = 'sockname'

// ---- xavp_dst_mode
const SKIP_ATTRIBUTES = 1
const ADD_SOCKET_TEXT = 2
const ADD_SOCKET_NAME = 4
/** xavp_ctx_mode. */
const SKIP_COUNT = 1

/** One call of a ds_select function; several sets may be gone through. */
export class Selection {
  readonly limit: number
  algorithm = 0
  target = NEXT_HOP
  /** Destinations kept. */
  count = 0
  /** A destination was set. */
  done = false
  /** The record that was kept last. */
  last: XavpList | null = null

  constructor(limit: number) {
    this.limit = limit === 0 ? 0xffffffff : limit >>> 0
  }
}

const socketText = (socket: SocketInfo): string =>
  `${protoName(socket.proto)}:${socket.host}:${socket.port}`

/** The request goes there. */
export function setDestination(
  msg: SipMessage,
  uri: string,
  socket: SocketInfo | null,
  target: number,
): boolean {
  if (target === NOTHING) return true
  if (target === DOMAIN) {
    const now = msg.sipUri
    if (now === null) return false
    msg.setUri(withDomain(now.scheme, now.user, now.password, uri))
  } else {
    msg.setDstUri(uri)
  }
  if (socket !== null) msg.forceSocket = socket
  return true
}

/** What stands behind the scheme of a destination becomes what stands behind the user. */
function withDomain(scheme: string, user: string, password: string, uri: string): string {
  const domain = uri.replace(/^sips?:/i, '')
  if (user === '') return `${scheme}:${domain}`
  return `${scheme}:${user}${password === '' ? '' : `:${password}`}@${domain}`
}

function record(self: Dispatcher, set: number, one: Destination, algorithm: number): XavpList {
  const { xavp_dst_mode: mode } = self.config
  const { attributes, socket } = one
  const list = new XavpList()
  list.add(URI, one.uri)
  list.add(GROUP, set)
  if ((mode & SKIP_ATTRIBUTES) === 0 && attributes.body !== '')
    list.add(ATTRIBUTES, attributes.body)
  if (socket !== null) {
    list.add(SOCKET, socketText(socket))
    if ((mode & ADD_SOCKET_TEXT) !== 0 && attributes.socket !== null)
      list.add(SOCKET_TEXT, attributes.socket)
    if ((mode & ADD_SOCKET_NAME) !== 0 && attributes.sockname !== null)
      list.add(SOCKET_NAME, attributes.sockname)
  }
  if (algorithm === CALL_LOAD && attributes.duid !== null) list.add(DUID, attributes.duid)
  return list
}

/** The records of an earlier selection stay behind those of this one. */
function putBehind(xavps: XavpList, name: string, list: XavpList, last: XavpList | null): void {
  const at = last === null ? -1 : xavps.items.findIndex(({ value }) => value === last)
  xavps.items.splice(at + 1, 0, { name, value: list })
}

/**
 * Keeps these destinations, as many as may be, where ds_next_dst finds them; false when one has no
 * identifier for its load.
 */
function keep(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  indexes: readonly number[],
  selection: Selection,
): boolean {
  for (const index of indexes) {
    const one = set.list[index]!
    if (selection.algorithm === CALL_LOAD && one.attributes.duid === null) {
      self.error(`no uid for destination: ${set.id} ${one.uri}`)
      return false
    }
    const list = record(self, set.id, one, selection.algorithm)
    putBehind(xavpsOf(msg), self.config.xavp_dst, list, selection.last)
    selection.last = list
    selection.count++
  }
  return true
}

/**
 * The chosen one in any case, then those behind it and those before it, without those that are down
 * or full, as far as the limit goes.
 */
function inOrder(
  self: Dispatcher,
  set: DestinationSet,
  chosen: number,
  { algorithm, limit, count }: Selection,
): number[] {
  const { length } = set.list
  const order = [chosen]
  const reserved = self.config.use_default !== 0 ? length - 1 : -1
  for (let i = 1; i < length && count + order.length < limit; i++) {
    const index = (chosen + i) % length
    const { flags, load, attributes } = set.list[index]!
    if (isDown(flags) || index === reserved) continue
    const full = attributes.maxload !== 0 && load >= attributes.maxload
    if (algorithm !== CALL_LOAD || !full) order.push(index)
  }
  return order
}

/** Parallel forking: all behind the first one are branches. */
function addBranches(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  chosen: number,
  target: number,
): boolean {
  const first = target === NOTHING ? chosen : chosen + 1
  for (const { uri, socket } of set.list.slice(first)) {
    const now = msg.sipUri
    if (now === null) return false
    const scheme = /^sips:/i.test(uri) ? 'sips' : 'sip'
    const branch =
      target !== DOMAIN
        ? { ...newBranch(msg.uri), dstUri: uri }
        : newBranch(now.user === '' ? uri : withDomain(scheme, now.user, '', uri))
    if (!addBranch(self.core, msg, { ...branch, socket })) return false
  }
  return true
}

/** One more call for the one with the fewest; the algorithm is another one where that cannot be. */
function chooseByLoad(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  selection: Selection,
): number {
  if (msg.methodBit !== INVITE || self.config.xavp_dst === '') {
    selection.algorithm = CALL_ID
    return 0
  }
  const index = leastLoaded(set)
  if (index >= 0 && !addLoad(self, msg, set, index)) {
    self.error('unable to update destination load - classic dispatching')
    selection.algorithm = CALL_ID
  }
  return index
}

export function addLoad(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  index: number,
): boolean {
  const one = set.list[index]!
  const { duid } = one.attributes
  if (duid === null) {
    self.error(`dst unique id not set for ${set.id} (${msg.callId})`)
    return false
  }
  if (self.load === null || !self.load.add(msg.callId, set.id, duid, self.now())) {
    self.error(`cannot add load to ${set.id} (${msg.callId})`)
    return false
  }
  one.load++
  return true
}

/** Chooses from one set. 1 done, 2 done but not all branches were added, -1 nothing was chosen. */
export function selectFrom(
  self: Dispatcher,
  msg: SipMessage,
  id: number,
  selection: Selection,
): number {
  if (self.sets.all.length === 0) {
    self.error('no destination sets')
    return -1
  }
  const { config } = self
  if (selection.target === NEXT_HOP && config.force_dst === 0 && msg.dstUri !== '') {
    self.error(`destination already set [${msg.dstUri}]`)
    return -1
  }
  const set = self.set(id)
  if (set === null) return -1
  if (selection.algorithm === LATENCY) return selectByLatency(self, msg, set, selection)
  const turns =
    selection.algorithm === BY_TURNS || selection.algorithm === AUTH_USER ? set.last : -1
  const number =
    selection.algorithm === CALL_LOAD
      ? chooseByLoad(self, msg, set, selection)
      : numberFor(self, msg, set, selection.algorithm)
  if (number < 0) return -1
  const chosen = firstUp(self, set, number % countOf(self, set))
  if (chosen < 0) return -1
  const one = set.list[chosen]!
  if (!setDestination(msg, one.uri, one.socket, selection.target)) return -1
  if (selection.target !== NOTHING) selection.done = true
  // The turn goes on behind the one that was up.
  if (turns >= 0 && set.last !== turns) set.last = (chosen + 1) % set.list.length
  if (selection.algorithm === PARALLEL)
    return addBranches(self, msg, set, chosen, selection.target) ? 1 : 2
  if ((config.flags & FAILOVER) === 0 || config.xavp_dst === '') return 1
  if (!keep(self, msg, set, inOrder(self, set, chosen, selection), selection)) return -1
  return keepDefault(self, msg, set, chosen, selection)
}

function selectByLatency(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  selection: Selection,
): number {
  const order = byLatency(self, set)
  const chosen = order[0] ?? firstUp(self, set, 0)
  if (chosen < 0) return -1
  if (order.length === 0) order.push(chosen)
  const one = set.list[chosen]!
  set.last = (chosen + 1) % set.list.length
  if (!setDestination(msg, one.uri, one.socket, selection.target)) return -1
  if (selection.target !== NOTHING) selection.done = true
  if ((self.config.flags & FAILOVER) === 0 || self.config.xavp_dst === '') return 1
  const room = selection.limit - selection.count
  if (!keep(self, msg, set, order.slice(0, room), selection)) return -1
  return keepDefault(self, msg, set, chosen, selection)
}

/** The default destination comes last. */
function keepDefault(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  chosen: number,
  selection: Selection,
): number {
  const last = set.list.length - 1
  if (self.config.use_default === 0 || chosen === last) return 1
  if (selection.count >= selection.limit) return 1
  return keep(self, msg, set, [last], selection) ? 1 : -1
}

/** Says how many destinations were kept. */
export function finish(self: Dispatcher, msg: SipMessage, selection: Selection): void {
  const { xavp_ctx, xavp_ctx_mode } = self.config
  if ((xavp_ctx_mode & SKIP_COUNT) !== 0 || xavp_ctx === '') return
  const xavps = xavpsOf(msg)
  const context = xavps.list(xavp_ctx) ?? xavps.addList(xavp_ctx)
  context.add('cnt', selection.count)
}
