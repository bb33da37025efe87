/**
 * The instance of topoh. The mask hides addresses on the wire only: everybody else in the node sees
 * messages as they would be without it.
 */
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { PacketEvent } from '../../core/packet-event.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { parseUri } from '../../sip/uri.ts'
import { arrive } from './arrival.ts'
import { depart } from './departure.ts'
import { EVENTS, MSG_OUTGOING, MSG_SENDING } from './events.ts'
import { Mask } from './mask.ts'
import type { needs, params } from './topoh.module.ts'

type Env = ModuleEnv<typeof params, typeof needs>

/** Does it hold what nothing that was masked can hold: blanks and control characters? */
function isBroken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code <= 0x20 || code === 0x7f) return true
  }
  return false
}

export class Topoh {
  readonly core: Env['core']
  readonly config: Env['config']
  readonly sanity: Env['apis']['sanity']
  readonly mask: Mask
  /** The host of masked URIs names us in other places, too. */
  readonly maskIsOurs: boolean
  readonly outgoing: PacketEvent
  readonly sending: PacketEvent

  constructor(env: Env) {
    const { core, config } = env
    this.core = core
    this.config = config
    this.sanity = env.apis.sanity
    if (config.mask_key === '')
      throw new BadValue('topoh: mask_key is empty', 'modparam("topoh", "mask_key", "a secret")')
    this.mask = new Mask(config.mask_key)
    const own = config.mask_ip === '' ? null : parseUri(`sip:${config.mask_ip}`)
    if (config.mask_ip !== '' && own === null)
      throw new BadValue(`topoh: mask_ip ${config.mask_ip} is no address`, 'as "127.0.0.8"')
    if (config.sanity_checks !== 0 && env.apis.sanity === null)
      throw new BadValue('topoh: sanity_checks needs the module sanity', 'loadmodule "sanity.so"')
    this.maskIsOurs = own !== null && core.sockets.isMyself(own.host, own.portNumber, 0)
    const { event_callback: callback, event_mode: mode } = config
    this.outgoing = new PacketEvent(core, EVENTS[0], callback, (mode & MSG_OUTGOING) !== 0)
    this.sending = new PacketEvent(core, EVENTS[1], callback, (mode & MSG_SENDING) !== 0)
    if (config.use_mode === 1) return
    core.hooks.addArrival((raw, received) => arrive(this, raw, received))
    core.network.departures = [
      ...(core.network.departures ?? []),
      (text, to) => depart(this, text, to),
    ]
  }

  error(text: string): void {
    this.core.log.error('topoh', text)
  }

  maskCallId(callId: string): string {
    return this.config.callid_prefix + this.mask.encode(callId)
  }

  unmaskCallId(callId: string): string | null {
    const { callid_prefix: prefix } = this.config
    const found = callId.startsWith(prefix) ? this.mask.decode(callId.slice(prefix.length)) : null
    return found === null || isBroken(found) ? null : found
  }

  /** The host of what is masked on this socket. */
  hostFor(socket: SocketInfo): string {
    return this.config.mask_ip === '' ? socket.advertisedHost : this.config.mask_ip
  }

  maskUri(uri: string, socket: SocketInfo): string {
    return this.uriPrefix(socket) + this.mask.encode(uri)
  }

  maskVia(via: string, socket: SocketInfo): string {
    const { vparam_name: name, vparam_prefix: prefix } = this.config
    return `SIP/2.0/UDP ${this.hostFor(socket)};${name}=${prefix}${this.mask.encode(via)}`
  }

  /** The URI behind a masked one; null when it is not masked. */
  unmaskUri(text: string, socket: SocketInfo): string | null {
    const { uri_prefix_checks, uparam_name, uparam_prefix: prefix } = this.config
    if (uri_prefix_checks !== 0) {
      const begin = this.uriPrefix(socket)
      if (text.slice(0, begin.length).toLowerCase() !== begin.toLowerCase()) return null
    }
    const value = parseUri(text)?.param(uparam_name) ?? ''
    // Phones have parameters of that name of their own.
    const found = value.startsWith(prefix) ? this.mask.decode(value.slice(prefix.length)) : null
    if (found === null || !isBroken(found)) return found
    // Masked with another key: no URI, and no end of a line either.
    return found.replaceAll(/[\0-\x20\x7f]/g, '_')
  }

  private uriPrefix(socket: SocketInfo): string {
    const { uparam_name: name, uparam_prefix: prefix } = this.config
    return `sip:${this.hostFor(socket)};${name}=${prefix}`
  }
}
