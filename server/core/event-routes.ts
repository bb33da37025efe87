/**
 * The event routes of the core itself: they join the way of every message, and a node whose config
 * has none pays nothing for them. With a script engine its callbacks stand for them.
 */
import type { SipMessage } from '../sip/message.ts'
import type { Received } from '../sip/transport.ts'
import type { Core } from './core.ts'
import { eventMessage } from './event-message.ts'
import { type RouteBlock } from './module/index.ts'
import { EVENT_ROUTE } from './route-bits.ts'
import { SCRIPT_DROP } from './script-state.ts'

export const CORE_EVENTS = {
  'core:modinit-before': 'The modules are made and not started yet.',
  'core:worker-one-init': 'The node has started.',
  'core:msg-received': 'Something came in and is not read yet (with received_route_mode=1).',
  'core:pre-routing': 'Before the routes for requests and replies; drop ends it there.',
  'core:receive-parse-error': 'What came in is no SIP message.',
}

/** Joins the event routes of the config in force, and those of each that is loaded later. */
export function joinEventRoutes(core: Core): void {
  core.routes.follow(() => look(core))
}

/** The modules are about to start. */
export const tellStarting = (core: Core): void => tell(core, 'core:modinit-before')

/** The node has started. */
export const tellStarted = (core: Core): void => tell(core, 'core:worker-one-init')

function tell(core: Core, event: string): void {
  const { kemi, routes, sockets } = core
  const block = kemi.event(event, kemi.callbacks.event_route)
  const [socket] = sockets.list
  if (block !== null && socket !== undefined)
    routes.runNow(block, eventMessage(socket), EVENT_ROUTE)
}

function look(core: Core): void {
  const { kemi, hooks, params } = core
  const preRouting = kemi.event('core:pre-routing', kemi.callbacks.pre_routing)
  hooks.preRouting = preRouting === null ? null : msg => passes(core, preRouting, msg)
  // The callback is told no name.
  const received = kemi.event('core:msg-received', kemi.callbacks.received_route, '')
  hooks.onReceived =
    received === null || params.received_route_mode === 0
      ? null
      : (text, from) => takes(core, received, text, from)
  const parseError = kemi.event('core:receive-parse-error', '')
  hooks.onParseError = parseError === null ? null : msg => void passes(core, parseError, msg)
}

function passes(core: Core, block: RouteBlock, msg: SipMessage): boolean {
  core.routes.runNow(block, msg, EVENT_ROUTE)
  return core.routes.ended !== SCRIPT_DROP
}

/** A negative return code drops it, too. */
function takes(core: Core, block: RouteBlock, text: string, received: Received): boolean {
  const { routes, hooks } = core
  hooks.packet = text
  const code = routes.runNow(block, eventMessage(received.socket, received), EVENT_ROUTE)
  hooks.packet = null
  return code >= 0 && routes.ended !== SCRIPT_DROP
}
