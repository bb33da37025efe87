/** What an error of a directory, or of the way to it, means to who gave the statement. */
import { ResultCodeError } from 'ldapts'
import { DbError, type DbFailure } from '../../core/db/api.ts'

/** Result codes (RFC 4511, 4.1.9). */
const TIME_LIMIT_EXCEEDED = 3
const PASSING: ReadonlySet<number> = new Set([
  8, // strongerAuthRequired
  13, // confidentialityRequired
  48, // inappropriateAuthentication
  49, // invalidCredentials
  51, // busy
  52, // unavailable
])

/** `about`: what was asked for. */
export function errorOf(error: unknown, about: string): DbError {
  if (error instanceof DbError) return error
  const cause = error as Error & { code?: string }
  if (!(error instanceof ResultCodeError))
    return new DbError('unavailable', cause.message.split('\n').at(-1)! || String(cause.code), {
      cause,
    })
  return new DbError(failureOf(error.code), `${about}: ${wordsOf(error)}`, { cause })
}

function failureOf(code: number): DbFailure {
  if (code === TIME_LIMIT_EXCEEDED) return 'deadline'
  return PASSING.has(code) ? 'unavailable' : 'statement'
}

/** `No such object (32)`, and what the server adds. */
function wordsOf({ name, code, message }: ResultCodeError): string {
  const words = name
    .replace(/Error$/, '')
    .replace(/(?<=[a-z])[A-Z]/g, one => ` ${one.toLowerCase()}`)
  const told = message.replace(/\s*Code: 0x[0-9a-f]+$/, '')
  return `${words} (${code})${told === '' ? '' : `: ${told}`}`
}
