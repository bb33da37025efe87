/** event_route[dialog:start|end|failed], and the messages that they are about. */
import { eventMessage } from '../../core/event-message.ts'
import type { RouteBlock } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { CONFIRMED_NO_ACK, DELETED, EARLY } from './api.ts'
import { Context } from './context.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

export const EVENTS = {
  start: 'dialog:start',
  end: 'dialog:end',
  failed: 'dialog:failed',
} as const

export type DialogEventRoutes = Record<keyof typeof EVENTS, RouteBlock | null>

export const noEventRoutes = (): DialogEventRoutes => ({ start: null, end: null, failed: null })

/** Looks the routes up; the config can be loaded anew while the node runs. */
export function findEventRoutes(self: Dialogs): DialogEventRoutes {
  const { kemi } = self.core
  const { event_callback: callback } = self.config
  return {
    start: kemi.event(EVENTS.start, callback),
    end: kemi.event(EVENTS.end, callback),
    failed: kemi.event(EVENTS.failed, callback),
  }
}

function routeFor(self: Dialogs, before: number, after: number): RouteBlock | null {
  if (after === CONFIRMED_NO_ACK) return self.routes.start
  if (after !== DELETED) return null
  return before <= EARLY ? self.routes.failed : self.routes.end
}

/**
 * Runs the route for a change of state; without a message that it is about it gets one that is
 * about nothing.
 */
export function tellScript(
  self: Dialogs,
  dialog: Dialog,
  about: SipMessage | null,
  before: number,
  after = dialog.state,
): void {
  if (before === after) return
  const block = routeFor(self, before, after)
  if (block === null) return
  const msg = about ?? messageAbout(self, dialog)
  if (msg === null) return
  if (about !== null && self.peek(about) === null) self.contextOf(about).dialog = dialog
  runAbout(self, dialog, block, msg, EVENT_ROUTE)
}

/** Runs a route; nothing makes the dialog go while it runs, or waits and goes on by itself. */
export function runAbout(
  self: Dialogs,
  dialog: Dialog,
  block: RouteBlock,
  msg: SipMessage,
  routeType: number,
): void {
  dialog.ref++
  const end = self.core.routes.run(block, msg, routeType)
  if (typeof end === 'number') self.release(dialog, 1)
  else void end.then(() => self.release(dialog, 1))
}

/** A message about nothing, whose dialog is this one; null without a socket. */
export function messageAbout(self: Dialogs, dialog: Dialog): SipMessage | null {
  const [socket] = self.core.sockets.list
  if (socket === undefined) return null
  const msg = eventMessage(socket)
  const context = new Context()
  context.dialog = dialog
  self.contexts.set(msg, context)
  return msg
}
