/** What an error of SQLite means to who gave the statement. */
import type { DbFailure } from '../../core/db/api.ts'

const SQLITE_CONSTRAINT_PRIMARYKEY = 1555
const SQLITE_CONSTRAINT_UNIQUE = 2067
/** Primary codes after which another attempt may succeed: the file or the disk is the trouble. */
const PASSING = new Set([
  // SQLITE_BUSY, SQLITE_LOCKED: somebody else writes
  5, 6,
  // SQLITE_NOMEM, SQLITE_READONLY, SQLITE_IOERR
  7, 8, 10,
  // SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_NOTADB
  11, 13, 14, 15, 26,
])

export function failureOf(error: unknown): DbFailure {
  const { errcode } = error as { errcode?: number }
  if (errcode === undefined) return 'statement'
  if (errcode === SQLITE_CONSTRAINT_UNIQUE || errcode === SQLITE_CONSTRAINT_PRIMARYKEY)
    return 'duplicate'
  return PASSING.has(errcode & 0xff) ? 'unavailable' : 'statement'
}
