/** `ul.db_users` and its kin: how many rows the database has. */
import { Fault } from '../../../rpc/faults.ts'
import type { DbRow } from '../../core/db/api.ts'
import type { Usrloc } from './usrloc.ts'

const NO_DATABASE = 'Command is not supported in db_mode=0'

/** How many addresses of record have contacts that have not run out. */
export function usersInDatabase(self: Usrloc, name: string): Promise<number> {
  const users = new Set<string>()
  const visit = (row: DbRow): void => void users.add(`${row[0]}@${row[1]}`)
  return countRows(self, name, 'AoR', 'live', visit).then(() => users.size)
}

export const contactsInDatabase = (self: Usrloc, name: string): Promise<number> =>
  countRows(self, name, 'contact', 'live')

export const expiredContactsInDatabase = (self: Usrloc, name: string): Promise<number> =>
  countRows(self, name, 'contact', 'expired')

function countRows(
  self: Usrloc,
  name: string,
  what: string,
  which: 'live' | 'expired',
  visit: (row: DbRow) => void = () => undefined,
): Promise<number> {
  const { database } = self
  if (database === null) throw new Fault(500, NO_DATABASE)
  return database.count(name, which, self.now(), visit).catch((error: unknown) => {
    database.warn(database.reason(error))
    throw new Fault(500, `Failed to query ${what} count`)
  })
}
