/** Dialogs as rows of the database, and back. */
import { type DbCell, type DbRow, type DbTerm, type DbValue, cell, is } from '../../core/db/api.ts'
import type { SocketInfo } from '../../sip/transport.ts'
import { CALLEE, CALLER } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog, Leg } from './dialog-record.ts'
import { profilesText } from './stored-profiles.ts'
import { socketText } from './socket-text.ts'

/** A row as it was read. */
export interface StoredDialog {
  readonly entry: number
  readonly id: number
  readonly callId: string
  readonly fromUri: string
  readonly toUri: string
  readonly requestUri: string
  readonly state: number
  readonly startTime: number
  readonly timeout: number
  readonly sflags: number
  readonly iflags: number
  readonly timeoutRoute: string
  readonly profiles: string
  readonly legs: readonly [StoredLeg, StoredLeg]
}

export interface StoredLeg {
  readonly tag: string
  readonly contact: string
  readonly cseq: string
  readonly routeSet: string
  readonly socket: string
}

export interface StoredVariable {
  readonly entry: number
  readonly id: number
  readonly key: string
  readonly value: string
}

const text = (value: DbValue | undefined): string => String(value ?? '')
const number = (value: DbValue | undefined): number => Number(value ?? 0) || 0
/** Kamailio writes NULL where these are empty. */
const orNull = (value: string): string | null => (value === '' ? null : value)

const socketOrNothing = (socket: SocketInfo | null): string =>
  socket === null ? '' : socketText(socket)

export class RowShape {
  readonly columns: readonly string[]
  readonly variableColumns: readonly string[]
  private readonly config: Dialogs['config']

  constructor(config: Dialogs['config']) {
    this.config = config
    const c = config
    this.columns = [
      c.h_entry_column,
      c.h_id_column,
      c.call_id_column,
      c.from_uri_column,
      c.to_uri_column,
      'req_uri',
      c.state_column,
      c.start_time_column,
      c.timeout_column,
      c.sflags_column,
      'iflags',
      c.toroute_name_column,
      'xdata',
      ...this.legColumns(CALLER),
      ...this.legColumns(CALLEE),
    ]
    this.variableColumns = [
      c.vars_h_entry_column,
      c.vars_h_id_column,
      c.vars_key_column,
      c.vars_value_column,
    ]
  }

  /** Tag, Contact, CSeq, routes and socket. */
  private legColumns(side: number): string[] {
    const c = this.config
    return side === CALLER
      ? [
          c.from_tag_column,
          c.from_contact_column,
          c.from_cseq_column,
          c.from_route_column,
          c.from_sock_column,
        ]
      : [
          c.to_tag_column,
          c.to_contact_column,
          c.to_cseq_column,
          c.to_route_column,
          c.to_sock_column,
        ]
  }

  // ---- which rows

  ofDialog({ entry, id }: Dialog): DbTerm[] {
    const { h_entry_column, h_id_column } = this.config
    return [is(h_entry_column, 'int', entry), is(h_id_column, 'int', id)]
  }

  variablesOf({ entry, id }: { readonly entry: number; readonly id: number }): DbTerm[] {
    const { vars_h_entry_column, vars_h_id_column } = this.config
    return [is(vars_h_entry_column, 'int', entry), is(vars_h_id_column, 'int', id)]
  }

  variable(dialog: Dialog, key: string): DbTerm[] {
    return [...this.variablesOf(dialog), is(this.config.vars_key_column, 'string', key)]
  }

  ofCall(callId: string): DbTerm[] {
    return [is(this.config.call_id_column, 'string', callId)]
  }

  // ---- writing

  whole(dialog: Dialog, now: number): DbCell[] {
    const c = this.config
    return [
      cell(c.h_entry_column, 'int', dialog.entry),
      cell(c.h_id_column, 'int', dialog.id),
      cell(c.call_id_column, 'string', dialog.callId),
      cell(c.from_uri_column, 'string', dialog.fromUri),
      cell(c.to_uri_column, 'string', dialog.toUri),
      cell('req_uri', 'string', dialog.requestUri),
      ...this.changes(dialog, now),
    ]
  }

  /** What changes while it lasts. */
  changes(dialog: Dialog, now: number): DbCell[] {
    const c = this.config
    return [
      cell(c.state_column, 'int', dialog.state),
      cell(c.start_time_column, 'int', dialog.startTime),
      cell(c.timeout_column, 'int', dialog.timeout || now + dialog.lifetime),
      cell(c.sflags_column, 'int', dialog.sflags),
      cell('iflags', 'int', dialog.iflags),
      cell(c.toroute_name_column, 'string', orNull(dialog.timeoutRoute)),
      cell('xdata', 'string', profilesText(dialog)),
      ...this.legCells(dialog.legs[CALLER], CALLER),
      ...this.legCells(dialog.legs[CALLEE], CALLEE),
    ]
  }

  private legCells(leg: Leg, side: number): DbCell[] {
    const [tag, contact, cseq, routes, socket] = this.legColumns(side)
    return [
      cell(tag!, 'string', leg.tag),
      cell(contact!, 'string', leg.contact),
      cell(cseq!, 'string', leg.cseq),
      cell(routes!, 'string', orNull(leg.routeSet)),
      cell(socket!, 'string', socketOrNothing(leg.socket)),
    ]
  }

  variableCells({ entry, id }: Dialog, key: string, value: string): DbCell[] {
    const c = this.config
    return [
      cell(c.vars_h_entry_column, 'int', entry),
      cell(c.vars_h_id_column, 'int', id),
      cell(c.vars_key_column, 'string', key),
      cell(c.vars_value_column, 'string', value),
    ]
  }

  variableValue(value: string): DbCell[] {
    return [cell(this.config.vars_value_column, 'string', value)]
  }

  // ---- reading

  /** null: the row lacks its name or its Call-ID. */
  read(row: DbRow): StoredDialog | null {
    if (row[0] === null || row[1] === null || row[2] === null) return null
    return {
      entry: number(row[0]),
      id: number(row[1]),
      callId: text(row[2]),
      fromUri: text(row[3]),
      toUri: text(row[4]),
      requestUri: text(row[5]),
      state: number(row[6]),
      startTime: number(row[7]),
      timeout: number(row[8]),
      sflags: number(row[9]),
      iflags: number(row[10]),
      timeoutRoute: text(row[11]),
      profiles: text(row[12]),
      legs: [readLeg(row, 13), readLeg(row, 18)],
    }
  }

  readVariable(row: DbRow): StoredVariable {
    const [entry, id, key, value] = row
    return { entry: number(entry), id: number(id), key: text(key), value: text(value) }
  }
}

function readLeg(row: DbRow, at: number): StoredLeg {
  return {
    tag: text(row[at]),
    contact: text(row[at + 1]),
    cseq: text(row[at + 2]) || '0',
    routeSet: text(row[at + 3]),
    socket: text(row[at + 4]),
  }
}
