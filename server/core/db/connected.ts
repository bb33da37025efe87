/** How a module gets its database at the start, or keeps the node from starting. */
import type { Core } from '../core.ts'
import { BadValue } from '../module/index.ts'
import { adviceAbout } from './advice.ts'
import type { Database } from './api.ts'

/** The database of a module with a connection that stands. Throws BadValue. */
export async function connected(core: Core, url: string, module: string): Promise<Database> {
  const database = core.databases.open(url, module)
  try {
    await database.connect()
  } catch (error) {
    const reason = (error as Error).message
    throw new BadValue(
      `${module}: unable to open database connection to ${database.shownUrl}: ${reason}`,
      adviceAbout(reason),
    )
  }
  return database
}
