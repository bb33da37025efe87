/**
 * nio_intercept: event_route[network:msg] sees every packet, and may put another in its place; and
 * evcb_reply_out: event_route[corex:reply-out] sees every reply that leaves.
 */
import { type RouteBlock } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import { SipMessage } from '../../sip/message.ts'
import type { Destination, Received } from '../../sip/transport.ts'
import type { Corex } from './corex.ts'

/** Joins the way of packets as far as the parameters and the routes ask for it. */
export function joinNetwork(self: Corex): void {
  const { core, config } = self
  core.routes.follow(() => {
    const packets = config.nio_intercept === 0 ? null : core.kemi.event('network:msg', '')
    core.hooks.onPacket =
      packets === null ? null : (raw, received) => changed(self, packets, raw, received, true)
    const replies =
      config.evcb_reply_out === ''
        ? null
        : core.kemi.event('corex:reply-out', config.evcb_reply_out)
    core.network.beforeSend =
      packets === null && replies === null
        ? null
        : (text, to) => onItsWay(self, packets, replies, text, to)
  })
}

function onItsWay(
  self: Corex,
  packets: RouteBlock | null,
  replies: RouteBlock | null,
  text: string,
  to: Destination,
): string {
  const received = leaving(to)
  if (received === null) return text
  if (replies !== null && text.startsWith('SIP/')) tellReply(self, replies, text, to, received)
  return packets === null ? text : changed(self, packets, text, received, false)
}

/** For a route what leaves comes from our socket; null when that is not known. */
function leaving({ proto, ip, port, socket, connection }: Destination): Received | null {
  if (socket === null) return null
  const { address, port: own } = socket
  return { proto, srcIp: address, srcPort: own, dstIp: ip, dstPort: port, socket, connection }
}

/** The packet as the route left it in nio_msg_avp, or as it was. */
function changed(
  self: Corex,
  block: RouteBlock,
  text: string,
  received: Received,
  incoming: boolean,
): string {
  const { core, config } = self
  if (text.length < config.nio_min_msg_len) return text
  // No message was read yet: the number of a message that is made up.
  const msg = new SipMessage(text, received, 0)
  self.incoming = incoming
  core.routes.runNow(block, msg, EVENT_ROUTE)
  self.incoming = false
  const value = config.nio_msg_avp?.get(msg) ?? null
  return typeof value === 'string' && value !== '' ? value : text
}

function tellReply(
  self: Corex,
  block: RouteBlock,
  text: string,
  to: Destination,
  received: Received,
): void {
  const { routes } = self.core
  const before = routes.sending
  routes.sending = { text, to }
  routes.runNow(block, new SipMessage(text, received, 0), EVENT_ROUTE)
  routes.sending = before
}
