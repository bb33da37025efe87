/** What the functions of cfgutils do. */
import type { Verdict } from '../../core/module/index.ts'
import type { RouteEnd } from '../../core/routes.ts'
import { SCRIPT_RUNNING } from '../../core/script-state.ts'
import { coreHash as slotOf } from '../../lib/core-hash.ts'
import { Timer } from '../../lib/wheel.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { CfgUtils } from './cfgutils.ts'

export function setProbability(self: CfgUtils, _msg: SipMessage, percent: number): Verdict {
  if (percent < 0 || percent > 100) {
    self.error(`${percent} percent is no probability`)
    return -1
  }
  self.probability = percent
  return 1
}

export function resetProbability(self: CfgUtils): Verdict {
  self.probability = self.config.initial_probability
  return 1
}

/** 0 percent is a code of 0, which ends the script, in Kamailio too. */
export const getProbability = (self: CfgUtils): Verdict => self.probability

export const randomEvent = (self: CfgUtils): Verdict =>
  self.core.random.uint32() / 0x1_0000_0000 < self.probability / 100 ? 1 : -1

/** A number of 31 bits, as C's rand() gives. */
export const random = (self: CfgUtils): number => self.core.random.uint32() >>> 1

/** Scripts count the flags, from 0; RPC commands take bits. */
export function setFlag(self: CfgUtils, _msg: SipMessage, flag: number): Verdict {
  self.flags |= 1 << flag
  return 1
}

export function resetFlag(self: CfgUtils, _msg: SipMessage, flag: number): Verdict {
  self.flags &= ~(1 << flag)
  return 1
}

export const isFlagSet = (self: CfgUtils, _msg: SipMessage, flag: number): Verdict =>
  (self.flags & (1 << flag)) === 0 ? -1 : 1

/** Not 0, which would end the script: slots are counted from 1. */
export const coreHash = (
  _self: CfgUtils,
  _msg: SipMessage,
  first: string,
  second: string,
  bits: number,
): Verdict => slotOf(first, second, bits > 0 ? bits : 1) + 1

/** The wheel turns twenty times a second: too slowly for waits that are shorter than this. */
const SHORT_MS = 500

/** Other messages are routed meanwhile. */
function pause(self: CfgUtils, milliseconds: number): Verdict | Promise<Verdict> {
  if (milliseconds <= 0) return 1
  return new Promise(resolve => {
    const wake = (): void => resolve(1)
    if (milliseconds < SHORT_MS) setTimeout(wake, milliseconds)
    else self.core.timers.arm(new Timer(wake), milliseconds)
  })
}

export const sleep = (
  self: CfgUtils,
  _msg: SipMessage,
  seconds: number,
): Verdict | Promise<Verdict> => pause(self, seconds * 1000)

export const sleepMicro = (
  self: CfgUtils,
  _msg: SipMessage,
  microseconds: number,
): Verdict | Promise<Verdict> => pause(self, Math.ceil(microseconds / 1000))

/** Keys share the locks there are; null when there are none. */
function lockName(self: CfgUtils, key: string): string | null {
  if (self.lockCount > 0) return String(slotOf(key, '', Math.log2(self.lockCount)))
  self.error(`lock set not initialized (lock of ${key}) - see param lock_set_size`)
  return null
}

export function lock(self: CfgUtils, msg: SipMessage, key: string): Verdict | Promise<Verdict> {
  const name = lockName(self, key)
  return name === null ? -1 : self.locks.lock(name, msg)
}

export function tryLock(self: CfgUtils, msg: SipMessage, key: string): Verdict {
  const name = lockName(self, key)
  return name !== null && self.locks.tryLock(name, msg) ? 1 : -1
}

export function unlock(self: CfgUtils, msg: SipMessage, key: string): Verdict {
  const name = lockName(self, key)
  if (name === null) return -1
  self.locks.unlock(name, msg)
  return 1
}

export const routeExists = (self: CfgUtils, _msg: SipMessage, name: string): Verdict =>
  self.core.kemi.block('route', name) === null ? -1 : 1

/** What ended the script in the route ends it behind the call, too. */
export function runRoute(
  self: CfgUtils,
  msg: SipMessage,
  name: string,
): Verdict | Promise<Verdict> {
  const { core } = self
  const block = core.kemi.block('route', name)
  if (block === null) return -1
  const verdict = ({ code, ended }: RouteEnd): Verdict => (ended === SCRIPT_RUNNING ? code : 0)
  const code = core.routes.run(block, msg, msg.routeType)
  return typeof code === 'number' ? verdict({ code, ended: core.routes.ended }) : code.then(verdict)
}

/** Stops the node: it does not die on the spot and leaves no core. */
export function abort(self: CfgUtils): Verdict {
  self.error('abort() called by the script')
  self.core.shutdown('abort() called by the script')
  return 0
}

/** pkg_status and its kin: a line about the memory of the process. */
export function memoryStatus(self: CfgUtils): Verdict {
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
  const parts = [`heap ${heapUsed} of ${heapTotal} bytes used`, `${external} bytes outside of it`]
  self.core.log.info('cfgutils', `memory: ${parts.join(', ')}, ${rss} bytes resident`)
  return 1
}
