/** Which requests want flow tokens (RFC 5626 section 5), and the tokens. */
import { randomBytes } from 'node:crypto'
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import { H_CONTACT, H_ROUTE, H_SUPPORTED } from '../../sip/header-names.ts'
import { type NameAddress, parseNameAddressList } from '../../sip/header/address.ts'
import { hasOption } from '../../sip/header/option-tags.ts'
import type { SipMessage } from '../../sip/message.ts'
import { REGISTER } from '../../sip/method.ts'
import type { Received } from '../../sip/transport.ts'
import { findParam } from '../../sip/uri.ts'
import { type Flow, FORGED, NO_FLOW, type OutboundApi, OWN_FLOW, ROUTE_FLOW } from './api.ts'
import { FlowTokens, keyOf } from './flow-token.ts'
import type { params } from './outbound.module.ts'

const KEY_BYTES = 20
const NO_FLAG = -1

/** What cfg.get says to those who want to know whether the module is there. */
const ACTIVE = {
  group: 'outbound',
  name: 'outbound_active',
  kind: 'int',
  doc: 'indicates whether outbound support is active',
  default: 1,
  live: false,
} as const

export class Outbound implements OutboundApi {
  private readonly config: ConfigOf<typeof params>
  private readonly core: Core
  private readonly tokens: FlowTokens

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { flow_token_secret: secret, unkeyed_flow_tokens: unkeyed } = env.config
    this.config = env.config
    this.core = env.core
    env.core.cfg.declare(ACTIVE, { outbound_active: 1 })
    if (unkeyed !== 0) this.tokens = new FlowTokens(keyOf(''))
    else this.tokens = new FlowTokens(secret === '' ? randomBytes(KEY_BYTES) : keyOf(secret))
  }

  token(received: Received): string {
    return this.tokens.write(received)
  }

  read(token: string): Flow | null | typeof FORGED {
    return this.tokens.read(token)
  }

  tokenFor(msg: SipMessage): string {
    const wanted = this.wants(msg)
    if (wanted === NO_FLOW) return ''
    if (wanted === OWN_FLOW) return this.token(msg.received)
    return firstRoute(msg)?.sipUri?.user ?? ''
  }

  wants(msg: SipMessage): number {
    const { force_outbound_flag: force, force_no_outbound_flag: forceNot } = this.config
    if (force !== NO_FLAG && (msg.flags & (1 << force)) !== 0) return OWN_FLOW
    if (forceNot !== NO_FLAG && (msg.flags & (1 << forceNot)) !== 0) return NO_FLOW
    return msg.methodBit === REGISTER ? registers(msg) : this.begins(msg)
  }

  /** A request other than REGISTER. */
  private begins(msg: SipMessage): number {
    const route = msg.find(H_ROUTE) < 0 ? null : firstRoute(msg)
    if (route !== null) {
      const uri = route.sipUri
      // A Route with gr is a GRUU: it leads to a phone, not to us.
      if (uri === null || uri.param('gr') !== null) return NO_FLOW
      if (!this.core.sockets.isMyself(uri.host, uri.portNumber || 5060, 0)) return NO_FLOW
      if (uri.param('ob') !== null) return this.follows(msg, uri.user)
    }
    if (msg.find(H_SUPPORTED) >= 0 && !hasOption(msg, H_SUPPORTED, 'outbound')) return NO_FLOW
    if (msg.via2 !== null) return NO_FLOW
    // RFC 5626 section 4.3: a phone puts ob into the Contact of a request that begins a dialog
    // which is to use its flow.
    const contact = lastContact(msg)?.sipUri ?? null
    return contact !== null && contact.param('ob') !== null ? OWN_FLOW : NO_FLOW
  }

  /** A request whose Route is marked with ob: to the phone of that flow, or from it. */
  private follows({ received }: SipMessage, token: string): number {
    const flow = this.read(token)
    if (flow === null || flow === FORGED) return OWN_FLOW
    const away = flow.peerIp !== received.srcIp || flow.peerPort !== received.srcPort
    return away ? ROUTE_FLOW : OWN_FLOW
  }
}

/**
 * RFC 5626 section 5.1: the first hop adds a token to the Path of a REGISTER whose contact has a
 * reg-id.
 */
function registers(msg: SipMessage): number {
  if (msg.via2 !== null) return NO_FLOW
  const contact = lastContact(msg)
  return contact !== null && findParam(contact.params, 'reg-id') !== null ? OWN_FLOW : NO_FLOW
}

/** The addresses in the first of these headers. */
function addressesOf(msg: SipMessage, header: number): NameAddress[] {
  const body = msg.header(header)
  return body === null ? [] : (parseNameAddressList(body) ?? [])
}

const firstRoute = (msg: SipMessage): NameAddress | null => addressesOf(msg, H_ROUTE)[0] ?? null

/** Of several contacts in one header Kamailio asks the last; a phone sends one. */
const lastContact = (msg: SipMessage): NameAddress | null =>
  addressesOf(msg, H_CONTACT).at(-1) ?? null
