/** $dlg(...), $dlg_ctx(...), $dlg_var(...) and $DLG_*. */
import { BadValue, keyed, type Pvar, type PvValue, variable } from '../../core/module/index.ts'
import { BRANCH_FAILURE_ROUTE, FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { CALLEE, CALLER } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import { socketText } from './socket-text.ts'
import { readVariable, writeVariable } from './variables.ts'

const socketOrNull = (socket: SocketInfo | null): PvValue =>
  socket === null ? null : socketText(socket)

/** Which of the named routes it is, as Kamailio numbers them; 0 for none. */
export function routeNumber(self: Dialogs, name: string): number {
  if (name === '') return 0
  const named = self.core.routes.all().filter(({ kind }) => kind === 'route')
  return named.findIndex(block => block.name === name) + 1
}

type Reader = (dialog: Dialog, self: Dialogs) => PvValue

const orNull = (text: string): PvValue => (text === '' ? null : text)

const READERS: Readonly<Record<string, Reader>> = {
  // Whoever reads it refers to it as well.
  ref: dialog => dialog.ref + 1,
  h_id: dialog => dialog.id,
  h_entry: dialog => dialog.entry,
  state: dialog => dialog.state,
  dflags: dialog => dialog.dflags,
  sflags: dialog => dialog.sflags >>> 0,
  callid: dialog => dialog.callId,
  from_uri: dialog => orNull(dialog.fromUri),
  to_uri: dialog => orNull(dialog.toUri),
  from_tag: dialog => orNull(dialog.legs[CALLER].tag),
  to_tag: dialog => orNull(dialog.legs[CALLEE].tag),
  from_rs: dialog => orNull(dialog.legs[CALLER].routeSet),
  to_rs: dialog => orNull(dialog.legs[CALLEE].routeSet),
  from_cseq: dialog => orNull(dialog.legs[CALLER].cseq),
  to_cseq: dialog => orNull(dialog.legs[CALLEE].cseq),
  from_contact: dialog => orNull(dialog.legs[CALLER].contact),
  to_contact: dialog => orNull(dialog.legs[CALLEE].contact),
  from_bindaddr: dialog => socketOrNull(dialog.legs[CALLER].socket),
  to_bindaddr: dialog => socketOrNull(dialog.legs[CALLEE].socket),
  lifetime: dialog => dialog.lifetime,
  start_ts: dialog => dialog.startTime,
  toroute: (dialog, self) => routeNumber(self, dialog.timeoutRoute),
}

function readerNamed(name: string): Reader {
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined
  if (reader !== undefined) return reader
  throw new BadValue(`unknown PV name ${name}`, Object.keys(READERS).join(', '))
}

function readDialog(self: Dialogs, msg: SipMessage, reader: Reader): PvValue {
  const dialog = self.dialogOf(msg)
  return dialog === null ? null : reader(dialog, self)
}

// ---- $dlg_ctx
const CONTEXT_NAMES = [
  'on',
  'set',
  'dir',
  'flags',
  'timeout',
  'timeout_bye',
  'timeout_route',
  'timeout_route_id',
] as const

type ContextName = (typeof CONTEXT_NAMES)[number]

function contextName(name: string): ContextName {
  const found = CONTEXT_NAMES.find(known => known === name)
  if (found !== undefined) return found
  throw new BadValue(`unknown PV name ${name}`, CONTEXT_NAMES.join(', '))
}

function readContext(self: Dialogs, msg: SipMessage, name: ContextName): PvValue {
  const context = self.peek(msg)
  if (context === null) return name === 'timeout_route' ? null : 0
  switch (name) {
    case 'on':
      return context.on
    case 'set':
      return context.dialog === null ? 0 : 1
    // Kamailio never fills it.
    case 'dir':
      return 0
    case 'flags':
      return context.flags >>> 0
    case 'timeout':
      return context.timeout
    case 'timeout_bye':
      return context.timeoutBye
    case 'timeout_route':
      return orNull(context.timeoutRoute)
    default:
      return routeNumber(self, context.timeoutRoute)
  }
}

function writeContext(self: Dialogs, msg: SipMessage, value: PvValue, name: ContextName): void {
  const context = self.contextOf(msg)
  const number = typeof value === 'number' ? value : 0
  switch (name) {
    case 'flags':
      context.flags = number
      break
    case 'timeout':
      context.timeout = number
      break
    case 'timeout_bye':
      context.timeoutBye = number
      break
    case 'timeout_route':
      context.timeoutRoute = value === null || value === 0 ? '' : String(value)
      break
    // What is only told is not changed; Kamailio takes it for `on`.
    default:
      context.on = number
  }
}

/**
 * What a request within a dialog has found out; null before loose_route(), and for whoever deals
 * with its replies and failures.
 */
function found(self: Dialogs, msg: SipMessage, what: 'status' | 'lifetime'): PvValue {
  if ((msg.routeType & (FAILURE_ROUTE | BRANCH_FAILURE_ROUTE)) !== 0) return null
  const value = self.contexts.get(msg)?.[what] ?? -1
  return value < 0 ? null : value
}

export const pvars: Record<string, Pvar<Dialogs>> = {
  dlg: keyed({
    doc: 'What is kept of the dialog of this message.',
    parse: readerNamed,
    get: readDialog,
  }),
  dlg_ctx: keyed({
    doc: 'What the script wants of the dialog that this message begins.',
    parse: contextName,
    get: readContext,
    set: writeContext,
  }),
  dlg_var: keyed({
    doc: 'A variable of the dialog of this message.',
    get: (self: Dialogs, msg, key: string) => readVariable(self, msg, key),
    set: (self: Dialogs, msg, value, key) => {
      if (typeof value === 'number') {
        self.error('non-string values are not supported')
        return false
      }
      writeVariable(self, msg, key, value)
      return true
    },
    takesText: true,
  }),
  DLG_count: variable({
    doc: 'How many dialogs are answered and have not ended.',
    get: (self: Dialogs) => self.stats.active_dialogs.value,
  }),
  DLG_status: variable({
    doc: 'The state of the dialog of a request within one, behind loose_route().',
    get: (self: Dialogs, msg) => found(self, msg, 'status'),
  }),
  DLG_lifetime: variable({
    doc: 'How many seconds ago that dialog was answered.',
    get: (self: Dialogs, msg) => found(self, msg, 'lifetime'),
  }),
}
