/** What an error of MySQL means to who gave the statement. */
import { DbError, type DbFailure } from '../../core/db/api.ts'

/** Numbers of the server: it stops, has too many connections, lets nobody in, waits for a lock. */
const PASSING = new Set([1040, 1043, 1044, 1045, 1053, 1077, 1152, 1158, 1159, 1160, 1161, 1203])
const LOCKS = new Set([1205, 1213])
const DUPLICATE = new Set([1022, 1062, 1169, 1586])

export function errorOf(error: Error): DbError {
  const { errno, sqlMessage, fatal } = error as Error & {
    errno?: number
    sqlMessage?: string
    fatal?: boolean
  }
  const text = sqlMessage ?? (error.message || String((error as NodeJS.ErrnoException).code))
  return new DbError(failureOf(errno, sqlMessage, fatal), text, { cause: error })
}

function failureOf(errno = 0, said: string | undefined, fatal = false): DbFailure {
  // What no server said comes of the connection.
  if (said === undefined || fatal || PASSING.has(errno)) return 'unavailable'
  if (DUPLICATE.has(errno)) return 'duplicate'
  return LOCKS.has(errno) ? 'busy' : 'statement'
}
