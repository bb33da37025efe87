/**
 * Outbound (RFC 5626) as far as the registrar answers for it; flows are kept by the transport
 * layer.
 */
import { H_REQUIRE, H_SUPPORTED } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Binding } from './bindings.ts'
import { type Failure, NO_OUTBOUND_EDGE, NO_OUTBOUND_HERE, NO_OUTBOUND_THERE } from './failure.ts'
import { hasOption } from '../../sip/header/option-tags.ts'
import { edgeSupportsOutbound } from './path.ts'
import type { Registrar } from './registrar.ts'

interface Refusal {
  readonly failure: Failure
  readonly headers: string
}

const offered = (msg: SipMessage): boolean =>
  hasOption(msg, H_SUPPORTED, 'outbound') || hasOption(msg, H_REQUIRE, 'outbound')

/** Why outbound forbids taking this request; null when nothing does. */
export function checkOutbound(
  self: Registrar,
  msg: SipMessage,
  bindings: Binding[],
  path: string,
): Refusal | null {
  const { outbound_mode: mode } = self.config
  if (mode === 0) {
    // RFC 3261 section 10.3 step 2: "the registrar MUST process the Require header field values".
    return hasOption(msg, H_REQUIRE, 'outbound')
      ? { failure: NO_OUTBOUND_HERE, headers: 'Unsupported: outbound\r\n' }
      : null
  }
  if (bindings.every(binding => binding.regId === 0)) return null
  if (!offered(msg)) {
    return mode === 2
      ? { failure: NO_OUTBOUND_THERE, headers: 'Require: outbound\r\nSupported: outbound\r\n' }
      : null
  }
  // RFC 5626 section 6: a flow ends at the edge proxy, so a request that came through one must
  // carry its mark.
  return msg.via2 !== null && !edgeSupportsOutbound(path)
    ? { failure: NO_OUTBOUND_EDGE, headers: '' }
    : null
}

/** What the reply says about outbound. */
export function outboundHeaders(self: Registrar, msg: SipMessage): string {
  const { outbound_mode: mode, flow_timer: timer } = self.config
  const client = offered(msg)
  let headers = 'Supported: outbound\r\n'
  if (mode === 2) headers = `Require: outbound\r\n${headers}`
  else if (client) headers += 'Require: outbound\r\n'
  return client && timer > 0 ? `${headers}Flow-Timer: ${timer}\r\n` : headers
}
