/** async_route, async_sleep and the same in milliseconds. */
import type { RouteBlock, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Async } from './async.ts'

const MOST_SECONDS = 100
const MOST_MILLISECONDS = 30_000

/** Milliseconds, or 0 for a time that is not allowed. */
function inSeconds(self: Async, seconds: number): number {
  if (seconds <= 0) self.error(`negative or zero sleep time (${seconds})`)
  else if (seconds > MOST_SECONDS) self.error(`max sleep time is ${MOST_SECONDS} sec (${seconds})`)
  else return seconds * 1000
  return 0
}

function inMilliseconds(self: Async, milliseconds: number): number {
  if (self.config.ms_timer === 0) self.error('async timer list not initialized - check modparams')
  else if (milliseconds <= 0) self.error(`negative or zero sleep time (${milliseconds})`)
  else if (milliseconds > MOST_MILLISECONDS)
    self.error(`max sleep time is ${MOST_MILLISECONDS} msec`)
  else return milliseconds
  return 0
}

function routeAfter(self: Async, msg: SipMessage, block: RouteBlock, time: number): Verdict {
  if (time === 0) return -1
  const verdict = self.suspend(msg)
  if (verdict <= 0) return verdict
  self.later(msg, block, time)
  return self.config.return
}

export function route(self: Async, msg: SipMessage, name: string, seconds: number): Verdict {
  const block = self.route(name)
  return block === null ? -1 : routeAfter(self, msg, block, inSeconds(self, seconds))
}

export function msRoute(self: Async, msg: SipMessage, name: string, time: number): Verdict {
  const block = self.route(name)
  return block === null ? -1 : routeAfter(self, msg, block, inMilliseconds(self, time))
}

/** What stands behind the call, in its `{ }`, becomes the block in which the request goes on. */
function sleepFor(
  self: Async,
  msg: SipMessage,
  rest: RouteBlock | null,
  milliseconds: () => number,
): Verdict {
  if (rest !== null) return routeAfter(self, msg, rest, milliseconds())
  self.error('cannot be executed as last action in a route block')
  return -1
}

export const sleep = (
  self: Async,
  msg: SipMessage,
  rest: RouteBlock | null,
  seconds: number,
): Verdict => sleepFor(self, msg, rest, () => inSeconds(self, seconds))

export const msSleep = (
  self: Async,
  msg: SipMessage,
  rest: RouteBlock | null,
  time: number,
): Verdict => sleepFor(self, msg, rest, () => inMilliseconds(self, time))
