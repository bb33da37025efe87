/** What an error of MySQL means to who gave the statement. */
import { DbError, type DbFailure } from '../../core/db/api.ts'

/** Numbers of the server after which another attempt may succeed. */
const PASSING = new Set([
  // It stops, has too many connections, lets nobody in, lost the connection, was told to end it.
  ...[1040, 1043, 1044, 1045, 1053, 1077, 1152, 1158, 1159, 1160, 1161, 1203, 1317, 1927, 1969],
  // Its disk or its memory is full (a full table is a full disk), a file cannot be written.
  ...[3, 1021, 1026, 1030, 1037, 1038, 1041, 1114, 1180],
  // It only reads, as one does that follows another.
  ...[1290, 1792, 1836],
])
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
