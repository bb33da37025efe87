/** jsdt_*: scripts run from the routing language. Their own end is not that of its script. */
import { keepingState, runScript } from '../../core/kemi/script-calls.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type AppJsdt, NAME } from './app_jsdt.ts'
import { AGAIN } from './source.ts'

export function run(
  self: AppJsdt,
  msg: SipMessage,
  fn: string,
  ...args: (string | undefined)[]
): number | Promise<number> {
  const given = args.filter(arg => arg !== undefined)
  return runScript(self.core, msg, fn, () => self.callWith(fn, msg, given))
}

export function runString(self: AppJsdt, msg: SipMessage, text: string): number {
  const context = self.loadedContext
  if (context === null) {
    self.core.log.error(NAME, `js loading state not initialized (call: ${text})`)
    return -1
  }
  return keepingState(msg, () =>
    self.runIn(context, 'jsdt_runstring', msg, each => each.run(text, 'jsdt_runstring', AGAIN)),
  )
}

export function doString(self: AppJsdt, msg: SipMessage, text: string): number {
  return keepingState(msg, () =>
    self.runIn(self.ownContext, 'jsdt_dostring', msg, each =>
      each.run(text, 'jsdt_dostring', AGAIN),
    ),
  )
}

export function doFile(self: AppJsdt, msg: SipMessage, path: string): number {
  return keepingState(msg, () =>
    self.runIn(self.ownContext, path, msg, each => each.load(path, AGAIN)),
  )
}
