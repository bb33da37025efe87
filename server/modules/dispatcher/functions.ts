/** The functions that choose destinations and go on to the next one. */
import { type Verdict } from '../../core/module/index.ts'
import { knownXavps, type XavpList } from '../../core/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import { BYE, CANCEL, INVITE } from '../../sip/method.ts'
import { findSocket } from './build.ts'
import { type Cause, type Dispatcher, FAILOVER } from './dispatcher.ts'
import { ALL } from './probe.ts'
import {
  addLoad,
  DOMAIN,
  DUID,
  finish,
  GROUP,
  NEXT_HOP,
  NOTHING,
  Selection,
  selectFrom,
  setDestination,
  SOCKET,
  URI,
} from './select.ts'
import { INACTIVE, isDown, PROBING, readStates } from './states.ts'

type Select = (
  self: Dispatcher,
  msg: SipMessage,
  set: number,
  algorithm: number,
  limit?: number,
) => Verdict

const selecting =
  (target: number): Select =>
  (self, msg, set, algorithm, limit = -1) => {
    const selection = new Selection(limit)
    selection.target = target
    selection.algorithm = algorithm
    const verdict = selectFrom(self, msg, set, selection)
    if (verdict >= 0) finish(self, msg, selection)
    return verdict
  }

export const select = selecting(NOTHING)
export const selectDst = selecting(NEXT_HOP)
export const selectDomain = selecting(DOMAIN)

const TARGETS: Readonly<Record<string, number>> = {
  0: NEXT_HOP,
  d: NEXT_HOP,
  1: DOMAIN,
  r: DOMAIN,
  2: NOTHING,
  x: NOTHING,
}

/** ds_select_routes("1=4;2=8", "r"): sets with their algorithms, in order. */
export function selectRoutes(
  self: Dispatcher,
  msg: SipMessage,
  rules: string,
  mode: string,
  limit = 0,
): Verdict {
  const selection = new Selection(limit)
  let last = -1
  let best = -1
  const target = TARGETS[mode.slice(0, 1).toLowerCase()]
  const list = rules.replace(/;$/, '').split(';')
  for (const [number, rule] of list.entries()) {
    // Without an algorithm only the last one ends as it should.
    const cut = !rule.includes('=') && number < list.length - 1
    const found = /^(\d*)(?:=(\d*)|$)$/.exec(rule)
    if (found === null || cut) {
      self.error(`invalid character in [${rules}] at [${rules.search(/[^\d=;]/)}]`)
      return -1
    }
    if (target === undefined && !selection.done) {
      self.error(`invalid routing mode parameter: ${mode}`)
      return -1
    }
    selection.algorithm = Number(found[2] ?? 0)
    selection.target = selection.done ? NOTHING : target!
    last = selectFrom(self, msg, Number(found[1]), selection)
    if (last > 0) best = last
  }
  if (best < 0) return last
  finish(self, msg, selection)
  return best
}

/** The record of the destination in force. */
function current(self: Dispatcher, msg: SipMessage): XavpList | null {
  return knownXavps(msg)?.list(self.config.xavp_dst) ?? null
}

const textOf = (list: XavpList, name: string): string | null => {
  const value = list.get(name)
  return typeof value === 'string' ? value : null
}

function use(self: Dispatcher, msg: SipMessage, list: XavpList, target: number): boolean {
  const uri = textOf(list, URI)
  if (uri === null) {
    self.warn('no xavp uri field in next destination record')
    return false
  }
  const socket = textOf(list, SOCKET)
  // A script may have written something else there.
  const from = socket === null ? null : findSocket(self.core, socket)
  return setDestination(msg, uri, from, target)
}

const going =
  (target: number) =>
  (self: Dispatcher, msg: SipMessage): Verdict => {
    const { config } = self
    if ((config.flags & FAILOVER) === 0 || config.xavp_dst === '') {
      self.warn('failover support disabled')
      return -1
    }
    for (;;) {
      if (current(self, msg) === null) return -1
      knownXavps(msg)!.remove(config.xavp_dst)
      const list = current(self, msg)
      if (list === null || !use(self, msg, list, target)) return -1
      const duid = textOf(list, DUID)
      if (duid === null) return 1
      const moved = moveLoad(self, msg, duid)
      if (moved !== GONE) return moved
      self.error(`cannot update load with ${duid}, skipping dst.`)
    }
  }

export const nextDst = going(NEXT_HOP)
export const nextDomain = going(DOMAIN)

const again =
  (target: number) =>
  (self: Dispatcher, msg: SipMessage): Verdict => {
    const list = current(self, msg)
    return list !== null && use(self, msg, list, target) ? 1 : -1
  }

export const setDst = again(NEXT_HOP)
export const setDomain = again(DOMAIN)

/** The destination is not in its set any more. */
const GONE = -2

/** The call goes to another destination of its set. */
function moveLoad(self: Dispatcher, msg: SipMessage, duid: string): Verdict {
  const cell = self.load?.get(msg.callId) ?? null
  if (cell === null) {
    self.error(`cannot find load for (${msg.callId})`)
    return -1
  }
  const set = self.set(cell.set)
  if (set === null) return -1
  const index = set.withDuid(duid)
  if (index < 0) return GONE
  self.load!.remove(msg.callId)
  self.unload(cell.set, cell.duid)
  return addLoad(self, msg, set, index) ? 1 : -1
}

/** What the event routes are told of a destination that the script marked. */
function causeOf(msg: SipMessage): Cause {
  return msg.isRequest ? { code: 820, reason: null } : { code: msg.status, reason: msg.reason }
}

/** ds_mark_dst("ip"); without letters inactive, and probed where all are. */
export function markDst(self: Dispatcher, msg: SipMessage, letters = ''): Verdict {
  const { config } = self
  const usual = INACTIVE | (config.ds_probing_mode === ALL ? PROBING : 0)
  const state = letters === '' ? usual : readStates(letters)
  if (state < 0) {
    self.warn(`Failed to parse state flags: ${letters}`)
    return -1
  }
  if ((config.flags & FAILOVER) === 0) {
    self.warn('failover support disabled')
    return -1
  }
  const list = current(self, msg)
  const set = list?.get(GROUP)
  const uri = list === null ? null : textOf(list, URI)
  if (typeof set !== 'number' || uri === null) return -1
  return self.updateState(set, uri, state, causeOf(msg), msg) ? 1 : -1
}

export function isActive(self: Dispatcher, _msg: SipMessage, id: number, uri = ''): Verdict {
  const set = self.sets.find(id)
  const found = set?.list.some(one => !isDown(one.flags) && (uri === '' || one.uri === uri))
  return found === true ? 1 : -1
}

export const listExists = (self: Dispatcher, _msg: SipMessage, id: number): Verdict =>
  self.sets.find(id) === null ? -1 : 1

function dropLoad(self: Dispatcher, callId: string): Verdict {
  const cell = self.load?.get(callId) ?? null
  if (cell === null) {
    self.error(`cannot find load for (${callId})`)
    return -1
  }
  if (!self.unload(cell.set, cell.duid)) return -1
  self.load!.remove(callId)
  return 1
}

/** ds_load_update(): BYE and CANCEL end a call, a 2xx to INVITE confirms it. */
export function loadUpdate(self: Dispatcher, msg: SipMessage): Verdict {
  if (msg.isRequest) {
    if ((msg.methodBit & (BYE | CANCEL)) !== 0) dropLoad(self, msg.callId)
    return 1
  }
  const cell = self.load?.get(msg.callId) ?? null
  if (cell !== null && msg.methodBit === INVITE && msg.status >= 200 && msg.status < 300)
    cell.answered = true
  return 1
}

/** ds_load_unset(): the call is over before it began. */
export function loadUnset(self: Dispatcher, msg: SipMessage): Verdict {
  if (self.config.xavp_dst === '') return 1
  const list = current(self, msg)
  const invite = msg.isRequest && msg.methodBit === INVITE
  if (invite && (list === null || textOf(list, DUID) === null)) return 1
  return dropLoad(self, msg.callId)
}

/** True unless a reload came just before. */
export function mayReload(self: Dispatcher): boolean {
  const now = Math.floor(self.now() / 1000)
  if (self.reloadedAt !== 0 && self.reloadedAt > now - self.config.reload_delta) {
    self.error('ongoing reload')
    return false
  }
  self.reloadedAt = now
  return true
}

export const reload = (self: Dispatcher): Verdict | Promise<Verdict> =>
  mayReload(self) ? reloadNow(self, 'ds_reload') : -1

/** -1 when the destinations in force stay; the log says why. */
export const reloadNow = (self: Dispatcher, by: string): Promise<Verdict> =>
  self.table.load(by).then(
    () => 1,
    () => -1,
  )
