/**
 * Record routing: its configuration, who wants to know of routes, and what loose_route() found out
 * about the current request.
 */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { defaultPort, findParam, type SipUri, uriTransport } from '../../sip/uri.ts'
import type { OutboundApi } from '../outbound/api.ts'
import { DOWNSTREAM, type RecordRouting, type RouteListener, UPSTREAM } from './api.ts'
import { looseRoute } from './loose.ts'
import { addRouteParam, recordRoute } from './record.ts'
import type { needs, params } from './rr.module.ts'

interface Listener {
  readonly priority: number
  readonly call: RouteListener
}

export class RecordRoute implements RecordRouting {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly appendFromtag: boolean
  /** null: no flows. */
  readonly outbound: OutboundApi | null
  /** `;lr` or `;lr=on`. */
  readonly looseMark: string
  private listeners: Listener[] | null = null
  /** The request that the two fields below are about; others are looked at when somebody asks. */
  private routed: SipMessage | null = null
  private params = ''
  private routeAhead = false

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.config = env.config
    this.core = env.core
    this.outbound = env.apis.outbound
    if (this.outbound !== null && env.config.add_username !== 0)
      throw new BadValue('rr: cannot use "add_username" with outbound', 'leave add_username at 0')
    this.appendFromtag = env.config.append_fromtag !== 0
    this.looseMark = env.config.enable_full_lr !== 0 ? ';lr=on' : ';lr'
  }

  recordRoute(msg: SipMessage, added: string): Verdict {
    return recordRoute(this, msg, added)
  }

  looseRoute(msg: SipMessage): Verdict {
    return looseRoute(this, msg)
  }

  addParam(msg: SipMessage, added: string): boolean {
    return addRouteParam(this, msg, added) > 0
  }

  onRoute(call: RouteListener, priority: number): void {
    this.listeners = [...(this.listeners ?? []), { priority, call }].sort(
      (a, b) => a.priority - b.priority,
    )
  }

  /** Notes what a route of ours carried, and tells who asked. */
  noteRoute(msg: SipMessage, uriParams: string, routeAhead: boolean): void {
    this.routed = msg
    this.params = uriParams
    this.routeAhead = routeAhead
    if (this.listeners === null) return
    const text = uriParams === '' ? '' : `;${uriParams}`
    for (const listener of this.listeners) listener.call(msg, text)
  }

  /** Does the next hop of this request come from its Route headers, behind ours? */
  hasRouteAhead(msg: SipMessage): boolean {
    return this.routed === msg && this.routeAhead
  }

  /**
   * Parameters of our own route, without the first `;`; '' when there is none, and before
   * loose_route().
   */
  private paramsOf(msg: SipMessage): string {
    return this.routed === msg ? this.params : ''
  }

  routeParams(msg: SipMessage): string {
    const text = this.paramsOf(msg)
    return text === '' ? '' : `;${text}`
  }

  routeParam(msg: SipMessage, name: string): string | null {
    const text = this.paramsOf(msg)
    return text === '' ? null : findParam(text, name)
  }

  /** The one who began the dialog has the From tag that our Record-Route has noted. */
  isDirection(msg: SipMessage, direction: number): boolean {
    const noted = this.routeParam(msg, 'ftag')
    const actual = noted === null || noted === '' || noted === msg.from?.tag ? DOWNSTREAM : UPSTREAM
    return actual === direction
  }

  /** Does this URI name us? The port that it leaves out is the default one. */
  isOurs(uri: SipUri): boolean {
    if (uri.host === '') return false
    const port = uri.portNumber || defaultPort(uriTransport(uri), uri.scheme)
    return this.core.sockets.isMyself(uri.host, port, 0)
  }

  /** The socket of ours that a route names; null when it only names us by another name. */
  socketOf(uri: SipUri): SocketInfo | null {
    const { sockets } = this.core
    const name = this.config.sockname_mode === 0 ? null : uri.param('sn')
    const named = name ? sockets.named(name) : null
    if (named !== null) return named
    const proto = uriTransport(uri)
    const port = uri.portNumber || defaultPort(proto, uri.scheme)
    const found = sockets.find(uri.host, port, proto)
    if (found !== null) return found
    for (const socket of sockets.list) {
      if (socket.advertisedHost === uri.host && socket.advertisedPort === port)
        if (socket.proto === proto) return socket
    }
    return null
  }
}
