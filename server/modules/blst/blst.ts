/** The source of a message and the blocklist: putting it there, asking, taking it away. */
import type { ModuleEnv, Verdict } from '../../core/module/index.ts'
import { ALL_ERRORS, BY_SCRIPT } from '../../net/blocklist.ts'
import { H_RETRY_AFTER } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { carrierOf } from '../../sip/transport.ts'

export class Blst {
  readonly core: ModuleEnv<{}, {}>['core']

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }

  /** Says so when there is no list. */
  hasList(): boolean {
    const { enabled } = this.core.blocklist
    if (!enabled) this.core.log.warn('blst', 'blocklist support disabled')
    return enabled
  }
}

function block(self: Blst, msg: SipMessage, seconds: number): Verdict {
  const { proto, srcIp, srcPort } = msg.received
  self.core.blocklist.add(BY_SCRIPT, carrierOf(proto), srcIp, srcPort, seconds)
  return 1
}

/** blst_add: 1 also when there is no list, as in Kamailio. */
export function add(self: Blst, msg: SipMessage, seconds = 0): Verdict {
  if (!self.hasList()) return 1
  return block(self, msg, seconds === 0 ? self.core.params.dst_blocklist_expire : seconds)
}

/** blst_add_retry_after: -1 when the header is missing. */
export function addForRetryAfter(self: Blst, msg: SipMessage, min: number, max: number): Verdict {
  if (!self.hasList()) return 1
  const told = Number.parseInt(msg.header(H_RETRY_AFTER) ?? '', 10)
  return Number.isNaN(told) ? -1 : block(self, msg, Math.min(Math.max(told, min), max))
}

/** blst_del: -1 when it was not there. */
export function remove(self: Blst, msg: SipMessage): Verdict {
  const { proto, srcIp, srcPort } = msg.received
  if (!self.hasList()) return -1
  return self.core.blocklist.delete(carrierOf(proto), srcIp, srcPort) ? 1 : -1
}

/** blst_is_blocklisted. */
export function isBlocklisted(self: Blst, msg: SipMessage): Verdict {
  const { proto, srcIp, srcPort } = msg.received
  if (!self.hasList()) return -1
  return self.core.blocklist.reasons(carrierOf(proto), srcIp, srcPort) !== 0 ? 1 : -1
}

/** Whose sending is meant: of the message, or of a reply to it. A reply blocks nobody anyway. */
type Sending = 'request' | 'reply'

/** blst_set_ignore and blst_rpl_set_ignore. */
export const setIgnore =
  (sending: Sending) =>
  (self: Blst, msg: SipMessage, errors = ALL_ERRORS): Verdict => {
    if (sending === 'request') self.core.blocklist.ignore(msg, errors, true)
    return 1
  }

/** blst_clear_ignore and blst_rpl_clear_ignore. */
export const clearIgnore =
  (sending: Sending) =>
  (self: Blst, msg: SipMessage, errors = ALL_ERRORS): Verdict => {
    if (sending === 'request') self.core.blocklist.ignore(msg, errors, false)
    return 1
  }
