/** Parameter load_credentials: columns of a subscriber that go into variables. */
import type { Formats } from '../../core/core.ts'
import type { DbRow, DbValue } from '../../core/db/api.ts'
import { BadValue, type PvHandle, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface LoadedColumn {
  readonly column: string
  readonly variable: PvHandle
}

/** Reads `$avp(rpid)=rpid;email_address`: a column alone goes into an AVP of its name. */
export function readCredentials(text: string, formats: Formats): LoadedColumn[] {
  const rows = text.split(';').map(one => one.trim())
  return rows.filter(one => one !== '').map(one => readOne(one, formats))
}

function readOne(text: string, formats: Formats): LoadedColumn {
  // A variable may have a sign of equality of its own: $xavp(a=>b).
  const equals = text.startsWith('$') ? text.indexOf('=', text.lastIndexOf(')')) : -1
  const name = equals < 0 ? text : text.slice(equals + 1).trim()
  if (!/^\w+$/.test(name))
    throw new BadValue(
      `auth_db: failed to parse credentials: "${text}" names no column`,
      'as $avp(rpid)=rpid;email_address',
    )
  const variable = formats.pvar(equals < 0 ? `$avp(${name})` : text.slice(0, equals).trim())
  if (variable.set === null)
    throw new BadValue(`auth_db: PV is not writeable: ${variable.text}`, 'an AVP, for example')
  return { column: name, variable }
}

const asVariable = (value: DbValue | undefined): PvValue => {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || Number.isInteger(value) ? (value as PvValue) : String(value)
}

/** Puts the columns of a row, from the place `from` on, into their variables. */
export function loadCredentials(
  columns: readonly LoadedColumn[],
  msg: SipMessage,
  row: DbRow,
  from: number,
): void {
  for (const [i, { variable }] of columns.entries()) variable.set!(msg, asVariable(row[from + i]))
}
