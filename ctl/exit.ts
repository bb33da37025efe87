/** Exit codes: scripts decide by them, so they are few and never change their meaning. */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 2,
  partial: 3,
  unreachable: 4,
  denied: 5,
  conflict: 6,
  rejected: 7,
  cancelled: 8,
  internal: 70,
  interrupted: 130,
} as const

/** As `kamctl help exit` and the README print them. */
export const EXIT_DOC: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'the answer is no: not found, nothing there'],
  ['2', 'the command line makes no sense'],
  ['3', 'some nodes answered, others did not; standard error names them'],
  ['4', 'no node could be reached, or none answered in time; trying again does no harm'],
  ['5', 'denied'],
  ['6', 'conflict with another change'],
  ['7', 'the node rejected a value'],
  ['8', 'cancelled at a question, or a question that nobody can answer here (--yes)'],
  ['70', 'a fault of kamctl or of the node'],
  ['128+n', 'ended by signal n'],
]

/**
 * What the fault of a node means. Kamailio says most things with code 500, so its sentence decides
 * where the code does not.
 */
export function exitOfFault(code: number | string, message: string): number {
  switch (code) {
    case 404:
      return EXIT.no
    case 400:
    case 488:
    case -32602:
      return EXIT.rejected
    case 401:
    case 403:
    case 407:
      return EXIT.denied
    case 409:
      return EXIT.conflict
    default:
      return exitOfSentence(message)
  }
}

function exitOfSentence(message: string): number {
  if (/^method not found/i.test(message)) return EXIT.usage
  if (/not found|no such/i.test(message)) return EXIT.no
  return /parameter|invalid|wrong|format|missing/i.test(message) ? EXIT.rejected : EXIT.internal
}

/** What a database refused; `failure` as the server's port names it. */
export function exitOfDatabase({ failure, message }: Error & { readonly failure: string }): number {
  if (/^(access denied|password authentication failed)/i.test(message)) return EXIT.denied
  switch (failure) {
    case 'unavailable':
    case 'deadline':
    case 'busy':
      return EXIT.unreachable
    case 'duplicate':
      return EXIT.conflict
    case 'url':
      return EXIT.usage
    case 'statement':
      return EXIT.rejected
    default:
      return EXIT.internal
  }
}

/** A command line, or a value in it, that cannot be obeyed. */
export class UsageError extends Error {
  override name = 'UsageError'
}
