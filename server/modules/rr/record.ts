/**
 * Record-Route: made when the request is printed, because its text depends on where the request
 * leaves.
 */
import type { Verdict } from '../../core/module/index.ts'
import { Edit, SocketEdit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoName, type SocketInfo } from '../../sip/transport.ts'
import { uriAddress } from '../../sip/uri-address.ts'
import { UPSTREAM } from './api.ts'
import type { RecordRoute } from './rr.ts'

/** Parameters for the Record-Route of this message, made before or after (add_rr_param). */
class ParamsEdit extends Edit {
  readonly params: string
  constructor(params: string) {
    super(0, 0, '')
    this.params = params
  }
}

/** Takes back the Record-Route made before it (remove_record_route). */
class RemovalEdit extends Edit {
  constructor() {
    super(0, 0, '')
  }
}

/** One or two Record-Route headers at the top of the message. */
abstract class RecordRouteEdit extends SocketEdit {
  constructor(msg: SipMessage) {
    super(msg.headersStart, 0, '')
  }

  textFrom(socket: SocketInfo, all: readonly Edit[]): string {
    let extra = ''
    let behind = false
    for (const edit of all) {
      if (edit === this) behind = true
      else if (edit instanceof ParamsEdit) extra += edit.params
      else if (behind && edit instanceof RemovalEdit) return ''
    }
    return this.print(socket, extra)
  }

  /** Whole header lines; `extra` are more parameters for each URI. */
  protected abstract print(socket: SocketInfo, extra: string): string
}

const line = (uri: string): string => `Record-Route: <${uri}>\r\n`

/** record_route(): our own addresses. */
class OwnAddresses extends RecordRouteEdit {
  private readonly self: RecordRoute
  private readonly msg: SipMessage
  private readonly start: string
  private readonly end: string

  /** `start` is scheme and user, `end` the parameters after the address. */
  constructor(self: RecordRoute, msg: SipMessage, start: string, end: string) {
    super(msg)
    this.self = self
    this.msg = msg
    this.start = start
    this.end = end
  }

  protected print(socket: SocketInfo, extra: string): string {
    const { enable_double_rr: double } = this.self.config
    const { msg, start } = this
    const inbound = msg.received.socket
    const end = this.end + extra
    const named = this.self.config.sockname_mode !== 0
    // RFC 5658 section 4: a proxy that receives and sends by different transports or addresses
    // records both sides.
    if (double === 0 || (double === 1 && inbound === socket))
      return line(start + uriAddress(inbound, '', '', named) + end)
    const outbound = uriAddress(socket, msg.advertisedAddress, msg.advertisedPort, named)
    return (
      line(`${start}${outbound};r2=on${end}`) +
      line(`${start}${uriAddress(inbound, '', '', named)};r2=on${end}`)
    )
  }
}

/** record_route_advertised_address(): one address that stands for all of ours. */
class AdvertisedAddress extends RecordRouteEdit {
  private readonly double: number
  private readonly inbound: number
  private readonly address: string
  private readonly end: string

  constructor(self: RecordRoute, msg: SipMessage, address: string, end: string) {
    super(msg)
    this.double = self.config.enable_double_rr
    this.inbound = msg.received.proto
    this.address = address
    this.end = end
  }

  protected print(socket: SocketInfo, extra: string): string {
    const { address, inbound } = this
    const end = this.end + extra
    if (this.double === 0 || (this.double === 1 && inbound === socket.proto))
      return line(address + end)
    return (
      line(`${address};transport=${protoName(socket.proto)};r2=on${end}`) +
      line(`${address};transport=${protoName(inbound)};r2=on${end}`)
    )
  }
}

/** record_route_preset(): what the script says, to the letter. */
class PresetAddresses extends RecordRouteEdit {
  private readonly addresses: readonly string[]
  private readonly end: string

  constructor(msg: SipMessage, addresses: readonly string[], end: string) {
    super(msg)
    this.addresses = addresses
    this.end = end
  }

  protected print(_socket: SocketInfo, extra: string): string {
    return this.addresses.map(address => line(address + this.end + extra)).join('')
  }
}

/** Is there a Record-Route of ours on this message that was not taken back? */
function isRecorded(msg: SipMessage): boolean {
  let recorded = false
  for (const edit of msg.edits ?? []) {
    if (edit instanceof RecordRouteEdit) recorded = true
    else if (edit instanceof RemovalEdit) recorded = false
  }
  return recorded
}

function add(self: RecordRoute, msg: SipMessage, edit: RecordRouteEdit): Verdict {
  if (isRecorded(msg)) {
    self.core.log.error('rr', 'Double attempt to record-route')
    return -1
  }
  msg.addEdit(edit)
  return 1
}

/**
 * `sip:` or `sips:` as the request is, and a user part: the token of a flow, or what the
 * configuration wants.
 */
function start(self: RecordRoute, msg: SipMessage): string {
  const { config } = self
  const secure = config.ignore_sips === 0 && msg.uri.startsWith('sips:')
  const scheme = secure ? 'sips:' : 'sip:'
  if (self.outbound !== null) {
    const token = self.outbound.tokenFor(msg)
    return token === '' ? scheme : `${scheme}${token}@`
  }
  if (config.add_username === 0) return scheme
  const custom = config.custom_user_avp?.get(msg) ?? null
  const user = custom === null || custom === '' ? (msg.sipUri?.user ?? '') : String(custom)
  return user === '' ? scheme : `${scheme}${user}@`
}

/**
 * The tag of whoever began the dialog, so that later requests show their direction; '' when not
 * wanted.
 */
function fromTag(self: RecordRoute, msg: SipMessage): string {
  if (self.config.append_fromtag === 0) return ''
  const tag = self.isDirection(msg, UPSTREAM) ? msg.to?.tag : msg.from?.tag
  return tag ? `;ftag=${tag}` : ''
}

export function recordRoute(self: RecordRoute, msg: SipMessage, params = ''): Verdict {
  const end = self.looseMark + fromTag(self, msg) + params
  return add(self, msg, new OwnAddresses(self, msg, start(self, msg), end))
}

export function recordRoutePreset(
  self: RecordRoute,
  msg: SipMessage,
  first: string,
  second?: string,
): Verdict {
  const scheme = start(self, msg)
  const addresses = second === undefined ? [scheme + first] : [scheme + first, scheme + second]
  const end = fromTag(self, msg) + self.looseMark
  return add(self, msg, new PresetAddresses(msg, addresses, end))
}

export function recordRouteAdvertisedAddress(
  self: RecordRoute,
  msg: SipMessage,
  address: string,
): Verdict {
  const end = fromTag(self, msg) + self.looseMark
  return add(self, msg, new AdvertisedAddress(self, msg, start(self, msg) + address, end))
}

export function removeRecordRoute(_self: RecordRoute, msg: SipMessage): Verdict {
  if (isRecorded(msg)) msg.addEdit(new RemovalEdit())
  return 1
}

export function addRouteParam(_self: RecordRoute, msg: SipMessage, params: string): Verdict {
  msg.addEdit(new ParamsEdit(params))
  return 1
}
