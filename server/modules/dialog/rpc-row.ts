/** A dialog as RPC replies and files show it. */
import type { dlg } from '../../../rpc/contract/dlg.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { CALLEE, CALLER, DELETED } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog, Leg } from './dialog-record.ts'
import { socketText } from './socket-text.ts'

export type DialogRow = ResultOf<(typeof dlg)['dlg.list']>[number]
export type Summary = ResultOf<(typeof dlg)['dlg.briefing']>[number]
type Side = DialogRow['caller']

export const seconds = (self: Dialogs): number => Math.floor(self.core.clock.now() / 1000)

function durationOf(dialog: Dialog, now: number): number {
  if (dialog.startTime === 0) return 0
  return (dialog.endTime === 0 ? now : dialog.endTime) - dialog.startTime
}

/** Before its answer a side is unknown but for what its own requests told. */
const isUnknown = ({ tag, socket }: Leg): boolean => tag === '' && socket === null

const orNull = (text: string): string | null => (text === '' ? null : text)

const strangerOf = ({ contact, cseq }: Leg): Side => ({
  tag: null,
  contact: orNull(contact),
  cseq: orNull(cseq),
  route_set: null,
  socket: null,
})

const knownOf = (leg: Leg): Side => ({
  tag: leg.tag,
  contact: leg.contact,
  cseq: leg.cseq,
  route_set: leg.routeSet,
  socket: leg.socket === null ? null : socketText(leg.socket),
})

const sideOf = (leg: Leg): Side => (isUnknown(leg) ? strangerOf(leg) : knownOf(leg))

/** The variables that it has, the newest first as Kamailio keeps them: none after its end. */
export function variablesOf(dialog: Dialog): [string, string][] {
  const found: [string, string][] = []
  if (dialog.variables === null || dialog.state === DELETED) return found
  for (const [key, { value }] of dialog.variables) if (value !== null) found.push([key, value])
  return found.reverse()
}

export function rowOf(self: Dialogs, dialog: Dialog): DialogRow {
  return {
    h_entry: dialog.entry,
    h_id: dialog.id,
    ref: dialog.ref,
    'call-id': dialog.callId,
    from_uri: dialog.fromUri,
    to_uri: dialog.toUri,
    state: dialog.state,
    start_ts: dialog.startTime,
    init_ts: dialog.initTime,
    end_ts: dialog.endTime,
    duration: durationOf(dialog, seconds(self)),
    timeout: dialog.timeout,
    lifetime: dialog.lifetime,
    dflags: dialog.dflags,
    sflags: dialog.sflags | 0,
    iflags: dialog.iflags,
    caller: sideOf(dialog.legs[CALLER]),
    callee: sideOf(dialog.legs[CALLEE]),
    profiles: dialog.profiles.map(({ profile, value }) =>
      profile.hasValue ? { [profile.name]: value } : profile.name,
    ),
    variables: variablesOf(dialog).map(([key, value]) => ({ [key]: value })),
  }
}

/** What dlg.briefing shows without columns. */
export const COLUMNS = 'ftcFT'

export function summaryOf(dialog: Dialog, columns: string): Summary {
  const has = (column: string): boolean => columns.includes(column)
  return {
    h_entry: dialog.entry,
    h_id: dialog.id,
    ...(has('f') && { from_uri: dialog.fromUri }),
    ...(has('t') && { to_uri: dialog.toUri }),
    ...(has('c') && { 'call-id': dialog.callId }),
    ...(has('F') && { from_tag: dialog.legs[CALLER].tag }),
    ...(has('T') && { to_tag: dialog.legs[CALLEE].tag }),
    ...(has('I') && { init_ts: dialog.initTime }),
    ...(has('S') && { start_ts: dialog.startTime }),
    ...(has('E') && { end_ts: dialog.endTime }),
    ...(has('s') && { state: dialog.state }),
  }
}

const textsOf = (side: Side): Record<string, string> =>
  Object.fromEntries(Object.entries(side).map(([name, value]) => [name, value ?? '']))

/** A line of dlg.dump_file: other names and forms than in replies, as Kamailio writes them. */
export function lineOf(self: Dialogs, dialog: Dialog): string {
  const row = rowOf(self, dialog)
  const line = {
    h_entry: row.h_entry,
    h_id: row.h_id,
    ref: row.ref,
    call_id: row['call-id'],
    from_uri: row.from_uri,
    to_uri: row.to_uri,
    state: row.state,
    start_ts: row.start_ts,
    init_ts: row.init_ts,
    end_ts: row.end_ts,
    timeout: row.timeout,
    lifetime: row.lifetime,
    dflags: row.dflags,
    sflags: row.sflags,
    iflags: row.iflags,
    caller: textsOf(row.caller),
    callee: textsOf(row.callee),
    profiles: Object.fromEntries(dialog.profiles.map(one => [one.profile.name, one.value])),
    variables: Object.fromEntries(variablesOf(dialog)),
  }
  return `${JSON.stringify(line)}\n`
}
