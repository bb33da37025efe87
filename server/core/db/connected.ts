/** How a module gets its database at the start, or keeps the node from starting. */
import type { Core } from '../core.ts'
import { BadValue } from '../module/index.ts'
import { adviceAbout } from './advice.ts'
import type { Database } from './api.ts'
import type { TableDeclaration } from './table.ts'

/** A table as the config names it, and what it has to be. */
type Wanted = readonly [name: string, declaration: TableDeclaration]

/**
 * The database of a module, with a connection that stands and these tables in the versions that we
 * know. Throws BadValue.
 */
export async function connected(
  { databases }: Pick<Core, 'databases'>,
  url: string,
  module: string,
  ...tables: readonly Wanted[]
): Promise<Database> {
  const database = databases.open(url, module)
  try {
    await database.connect()
  } catch (error) {
    const reason = (error as Error).message
    throw new BadValue(
      `${module}: unable to open database connection to ${database.shownUrl}: ${reason}`,
      adviceAbout(reason),
    )
  }
  for (const [name, { version }] of tables) await databases.checkVersion(database, name, version)
  return database
}
