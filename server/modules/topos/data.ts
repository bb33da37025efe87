/** What is kept of a dialog and of a transaction: Kamailio's tables topos_d and topos_t. */

/** All columns with text of both tables. */
const TEXTS = [
  'x_context',
  's_method',
  's_cseq',
  'a_callid',
  'a_uuid',
  'b_uuid',
  'a_contact',
  'b_contact',
  'as_contact',
  'bs_contact',
  'a_tag',
  'b_tag',
  'a_rr',
  'b_rr',
  's_rr',
  'a_uri',
  'b_uri',
  'r_uri',
  'a_srcaddr',
  'b_srcaddr',
  'x_via',
  'x_vbranch',
  'x_rr',
  'y_rr',
  'x_uri',
  'x_tag',
] as const

export type TextColumn = (typeof TEXTS)[number]
/** A record of either table; what the other table has is '' or 0. */
export type TopologyRecord = Record<TextColumn, string> & { iflags: number; direction: number }

/** Without the time of the record, which the storage puts in. */
export const DIALOG_COLUMNS: readonly (keyof TopologyRecord)[] = [
  'a_callid',
  'a_uuid',
  'b_uuid',
  'a_contact',
  'b_contact',
  'as_contact',
  'bs_contact',
  'a_tag',
  'b_tag',
  'a_rr',
  'b_rr',
  's_rr',
  'iflags',
  'a_uri',
  'b_uri',
  'r_uri',
  'a_srcaddr',
  'b_srcaddr',
  's_method',
  's_cseq',
  'x_context',
]
export const BRANCH_COLUMNS: readonly (keyof TopologyRecord)[] = [
  'a_callid',
  'a_uuid',
  'b_uuid',
  'direction',
  'x_via',
  'x_vbranch',
  'x_rr',
  'y_rr',
  's_rr',
  'x_uri',
  'x_tag',
  's_method',
  's_cseq',
  'a_contact',
  'b_contact',
  'as_contact',
  'bs_contact',
  'a_tag',
  'b_tag',
  'x_context',
]

// ---- direction
/** From the caller. */
export const DOWNSTREAM = 0
/** From the callee. */
export const UPSTREAM = 1

/** Bit of iflags: the dialog was answered and has not ended. */
export const DIALOG_ON = 2

export function emptyRecord(): TopologyRecord {
  const record = { iflags: 0, direction: DOWNSTREAM } as TopologyRecord
  for (const name of TEXTS) record[name] = ''
  return record
}

/** The name of a dialog: that of its caller's side, whichever side's is given. */
export const dialogKey = (uuid: string): string =>
  uuid.startsWith('b') ? `a${uuid.slice(1)}` : uuid

/** A row of a storage, whose values may be anything, as a record. */
export function recordOf(row: Readonly<Record<string, unknown>>): TopologyRecord {
  const record = emptyRecord()
  for (const name of TEXTS) if (typeof row[name] === 'string') record[name] = row[name]
  record.iflags = Number(row.iflags ?? 0)
  record.direction = Number(row.direction ?? 0)
  return record
}
