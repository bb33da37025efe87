/** What the log says of messages that cannot be read or routed, in Kamailio's words. */
import type { SipMessage } from '../sip/message.ts'
import type { Core } from './core.ts'
import type { ScriptAction } from './module/index.ts'

/** Why a message is refused, where its text is as it should be and something is not there. */
export const NO_VIA = 'no Via'

/** The message is no SIP: its text and where it came from. */
export function tellUnreadable(core: Core, msg: SipMessage, why: string): void {
  const { log, params } = core
  const level = params.sip_parser_log
  if (!log.enabled(level)) return
  const { srcIp, srcPort, proto } = msg.received
  const text = params.sip_parser_log_oneline === 0 ? msg.raw : oneLine(msg.raw)
  log.write(level, '<core>', `ERROR: parse_msg: message=<${text}>`)
  const from = `${srcIp}:${srcPort}/${proto}`
  log.write(level, '<core>', `core parsing of SIP message failed (${from})`)
  log.write(level, '<core>', `parse_msg: ${why}`)
}

export function tellMissing(core: Core, msg: SipMessage, missing: string): void {
  const kind = msg.isRequest ? 'request' : 'reply'
  const what = missing === NO_VIA ? 'no via found' : 'required headers not found'
  core.log.write(core.params.sip_parser_log, '<core>', `${what} in ${kind}`)
}

/** Line ends become a dot and a blank, what is not to be printed a dot. */
const oneLine = (text: string): string => text.replace(/\r\n/g, '. ').replace(/[^\x20-\x7e]/g, '.')

/** The microseconds of a run of request_route or reply_route, when somebody wants to know. */
export function tellTime(core: Core, what: string, startedAt: number): void {
  const { log, params } = core
  const microseconds = Math.round((core.clock.monotonic() - startedAt) * 1000)
  if (microseconds < params.latency_limit_cfg) return
  log.write(params.latency_cfg_log, '<core>', `${what} executed in: ${microseconds} usec`)
}

/** Action types of functions of modules; a core function has no name there. */
const MODULE_FUNCTIONS = { first: 24, last: 31 } as const

export const isModuleFunction = ({ number }: ScriptAction): boolean =>
  number >= MODULE_FUNCTIONS.first && number <= MODULE_FUNCTIONS.last

/** An action of the script that took longer than latency_limit_action. */
export function tellSlowAction(core: Core, action: ScriptAction, startedAt: number): void {
  const { number, name, file, line } = action
  const what = `[${isModuleFunction(action) ? name : 'corefunc'} (${number})] cfg [${file}:${line}]`
  tellSlow(core, what, startedAt)
}

/** The same of a function that a script in another language calls. */
export function tellSlowCall(core: Core, name: string, startedAt: number): void {
  if (core.params.latency_limit_action > 0) tellSlow(core, `${name}(...)`, startedAt)
}

function tellSlow({ log, params, clock }: Core, what: string, startedAt: number): void {
  const microseconds = Math.round((clock.monotonic() - startedAt) * 1000)
  if (microseconds < params.latency_limit_action) return
  const text = `alert - action ${what} took too long [${microseconds} us]`
  log.write(params.latency_log, '<core>', text)
}
