/** avp_db_query(): what a statement of the database's own language finds, as AVPs. */
import { type AvpValue, avpsOf } from '../../core/avp.ts'
import type { Formats } from '../../core/core.ts'
import type { Database, DbType, DbValue } from '../../core/db/api.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type NameOf, readAvp } from './avp-name.ts'
import type { Avpops } from './avpops.ts'

const NO_ROWS = -2

/** `$avp(a);$avp(b)`; throws BadValue. */
export const readNames = (text: string, formats: Formats): NameOf[] =>
  text
    .split(';')
    .filter(part => part.trim() !== '')
    .map(part => readAvp(part, formats))

export function query(
  self: Avpops,
  msg: SipMessage,
  statement: string,
  names?: readonly NameOf[],
): Verdict | Promise<Verdict> {
  const { database } = self
  if (statement === '') self.error('cannot print the query')
  return database === null || statement === '' ? -1 : ask(self, msg, database, statement, names)
}

async function ask(
  self: Avpops,
  msg: SipMessage,
  database: Database,
  statement: string,
  names: readonly NameOf[] | undefined,
): Promise<Verdict> {
  const found = await self.attempt('query', database.raw(statement))
  if (found === null) return -1
  if (found.rows.length === 0) return NO_ROWS
  const avps = avpsOf(msg)
  // The last row first, so that the first one is the newest.
  for (const row of found.rows.toReversed())
    for (const [i, value] of row.entries()) {
      // Without names the columns are $avp(i:1), $avp(i:2) and so on.
      const name = names === undefined ? i + 1 : (names[i]?.(msg) ?? null)
      const made = valueOf(value, found.columns[i]!.type)
      if (name !== null && made !== null) avps.push(name, made)
    }
  return 1
}

/** NULL, an empty text and a number with a fraction become no AVP. */
function valueOf(value: DbValue, type: DbType): AvpValue | null {
  if (value === null || value === '' || type === 'double') return null
  if (typeof value === 'string') return value
  return Number(BigInt.asIntN(32, BigInt(value)))
}
