/** What an error of PostgreSQL means to who gave the statement. */
import { DbError, type DbFailure } from '../../core/db/api.ts'

/**
 * Beginnings of SQLSTATE: connection lost, nobody let in, no such database, no room for more, the
 * server stops or starts, it only reads (as one does that follows another).
 */
const PASSING = ['08', '25006', '28', '3D', '53', '57P', '58', 'XX']
/** Somebody else has the row. */
const LOCKS = new Set(['40001', '40P01', '55P03'])
const UNIQUE_VIOLATION = '23505'
const QUERY_CANCELED = '57014'

export function errorOf(error: Error): DbError {
  if (error instanceof DbError) return error
  const { code, severity } = error as Error & { code?: string; severity?: string }
  // Who has a severity is the server; all else comes of the connection.
  const failure = severity === undefined ? 'unavailable' : failureOf(code ?? '')
  const text = error.message || String(code)
  return new DbError(failure, text, { cause: error })
}

function failureOf(state: string): DbFailure {
  if (state === UNIQUE_VIOLATION) return 'duplicate'
  if (state === QUERY_CANCELED) return 'deadline'
  if (LOCKS.has(state)) return 'busy'
  return PASSING.some(start => state.startsWith(start)) ? 'unavailable' : 'statement'
}
