/**
 * add_path(): made when the request is printed, because the address depends on where it leaves (RFC
 * 3327 section 5.1).
 */
import type { Verdict } from '../../core/module/index.ts'
import { inBrackets } from '../../lib/ip.ts'
import { SocketEdit } from '../../sip/edit.ts'
import { H_PATH } from '../../sip/header-names.ts'
import { START, type SipMessage } from '../../sip/message.ts'
import { protoName, type SocketInfo, UDP } from '../../sip/transport.ts'
import { uriAddress } from '../../sip/uri-address.ts'
import { NO_FLOW } from '../outbound/api.ts'
import type { Path } from './path.ts'

class PathEdit extends SocketEdit {
  private readonly self: Path
  private readonly msg: SipMessage
  /** `sip:` with or without a user. */
  private readonly start: string
  private readonly end: string

  constructor(self: Path, msg: SipMessage, user: string, end: string) {
    const first = msg.find(H_PATH)
    // RFC 3327 section 5.2: "prepend" it "to the top of the Path": in front of those that are
    // there, else behind all headers.
    super(first < 0 ? msg.headersEnd : msg.headers[first + START]!, 0, '')
    this.self = self
    this.msg = msg
    this.start = user === '' ? 'sip:' : `sip:${user}@`
    this.end = end
  }

  textFrom(socket: SocketInfo): string {
    const { msg } = this
    const { enable_r2: both, sockname_mode: naming } = this.self.config
    const named = naming !== 0
    const leaving = uriAddress(socket, msg.advertisedAddress, msg.advertisedPort, named)
    if (both === 0) return this.line(leaving, '')
    const entering = uriAddress(msg.received.socket, '', '', named)
    return this.line(leaving, ';r2=on') + this.line(entering, ';r2=on')
  }

  private line(address: string, mark: string): string {
    return `Path: <${this.start}${address};lr${this.end}${mark}>\r\n`
  }
}

export function addPath(self: Path, msg: SipMessage, user?: string, params?: string): Verdict {
  return add(self, msg, '', user, params)
}

export function addPathReceived(
  self: Path,
  msg: SipMessage,
  user?: string,
  params?: string,
): Verdict {
  const { received_name: name, received_format: form } = self.config
  const received = form === 0 ? escapedSource(msg) : sourceParts(msg)
  return add(self, msg, `;${name}=${received}`, user, params)
}

function add(
  self: Path,
  msg: SipMessage,
  received: string,
  user: string | undefined,
  params: string | undefined,
): Verdict {
  let token = user ?? ''
  let end = received
  // A user that the script names stands in the place of a flow token.
  if (user === undefined && self.outbound !== null && self.outbound.wants(msg) !== NO_FLOW) {
    token = self.outbound.token(msg.received)
    // RFC 5626 section 5.1: "If the edge proxy is the first SIP node after the UAC", the ob
    // parameter tells the registrar that the flow ends here.
    if (msg.via2 === null) end += ';ob'
  }
  if (params) end += `;${params}`
  msg.addEdit(new PathEdit(self, msg, token, end))
  return 1
}

/** `sip:127.0.0.1:5060%3Btransport%3Dtcp`. */
function escapedSource({ received }: SipMessage): string {
  const transport = received.proto === UDP ? '' : `%3Btransport%3D${protoName(received.proto)}`
  return `sip:${inBrackets(received.srcIp)}:${received.srcPort}${transport}`
}

/** `127.0.0.1~5060~2`. */
const sourceParts = ({ received }: SipMessage): string =>
  `${inBrackets(received.srcIp)}~${received.srcPort}~${received.proto}`
