/** lua_*: scripts run from the routing language. Their own end is not that of its script. */
import { keepingState, runScript } from '../../core/kemi/script-calls.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AppLua } from './app_lua.ts'

export function run(
  self: AppLua,
  msg: SipMessage,
  fn: string,
  ...args: (string | undefined)[]
): number | Promise<number> {
  const given = args.filter(arg => arg !== undefined)
  return runScript(self.core, msg, fn, () => self.callWith(fn, msg, given))
}

export const runString = (self: AppLua, msg: SipMessage, text: string): number =>
  keepingState(msg, () => self.runString(msg, text))

export const doString = (self: AppLua, msg: SipMessage, text: string): number =>
  keepingState(msg, () => self.doString(msg, text))

export const doFile = (self: AppLua, msg: SipMessage, path: string): number =>
  keepingState(msg, () => self.doFile(msg, path))
