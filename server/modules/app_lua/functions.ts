/** lua_*: scripts run from the routing language. Their own end is not that of its script. */
import { keepingState } from '../../core/kemi/script-calls.ts'
import type { RouteBlock } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AppLua } from './app_lua.ts'

export function run(
  self: AppLua,
  msg: SipMessage,
  fn: string,
  ...args: (string | undefined)[]
): number | Promise<number> {
  const given = args.filter(arg => arg !== undefined)
  const { routes } = self.core
  const block: RouteBlock = { kind: 'route', name: fn, run: () => self.callWith(fn, msg, given) }
  const end = routes.run(block, msg, msg.routeType)
  return typeof end === 'number' ? end : end.then(({ code }) => code)
}

export const runString = (self: AppLua, msg: SipMessage, text: string): number =>
  keepingState(msg, () => self.runString(msg, text))

export const doString = (self: AppLua, msg: SipMessage, text: string): number =>
  keepingState(msg, () => self.doString(msg, text))

export const doFile = (self: AppLua, msg: SipMessage, path: string): number =>
  keepingState(msg, () => self.doFile(msg, path))
