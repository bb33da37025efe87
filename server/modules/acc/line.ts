/** The accounting line, to the letter as Kamailio writes it. */
import { H_REASON } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { UPSTREAM } from '../rr/api.ts'
import type { Accounting } from './acc.ts'
import { printExtras, printLegs } from './extra.ts'

/** What a line is about. */
export interface LineFacts {
  readonly request: SipMessage
  readonly toTag: string
  /** As it is printed; '' when there is none. */
  readonly code: string
  readonly reason: string
}

/** The Reason header of the reply if the config prefers it, else its reason phrase. */
export function reasonOfReply(self: Accounting, reply: SipMessage): string {
  const header = self.config.reason_from_hf === 0 ? null : reply.header(H_REASON)
  return header ?? reply.reason
}

/** Writes a line; it is not even put together when nobody reads that level. */
export function writeLine(self: Accounting, event: string, record: LineFacts): void {
  const { config, core } = self
  if (!core.log.enabled(config.log_level)) return
  const { request, code, reason } = record
  let from = request.from?.tag ?? ''
  let to = record.toTag
  if (config.detect_direction !== 0 && self.rr !== null && self.rr.isDirection(request, UPSTREAM))
    [from, to] = [to, from]
  const text =
    `ACC: ${event}: timestamp=${printTime(self, request)};method=${request.method}` +
    `;from_tag=${from};to_tag=${to};call_id=${request.callId};code=${code};reason=${reason}` +
    printExtras(self.extras, request) +
    printLegs(self.legs, request)
  core.log.write(config.log_level, 'acc', text)
}

/** Seconds since 1970, and what time_mode adds. */
function printTime(self: Accounting, request: SipMessage): string {
  const { config, core } = self
  const now = core.clock.now()
  const seconds = Math.floor(now / 1000)
  switch (config.time_mode) {
    case 1: {
      const micros = Math.floor((now - seconds * 1000) * 1000)
      return `${seconds};${config.time_exten}=${micros}`
    }
    case 2:
      return `${seconds};${config.time_attr}=${(Math.floor(now) / 1000).toFixed(3)}`
    case 3:
    case 4:
      return `${seconds};${config.time_attr}=${self.timeFormat?.(request) ?? ''}`
    default:
      return String(seconds)
  }
}
