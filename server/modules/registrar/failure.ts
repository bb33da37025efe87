import type { Change } from '../usrloc/api.ts'

/** Why a REGISTER is refused: the status and the sentence of P-Registrar-Error. */
export interface Failure {
  readonly code: number
  readonly reason: string
  readonly error: string
}

const failure = (code: number, reason: string, error: string): Failure => ({ code, reason, error })
const bad = (error: string): Failure => failure(400, 'Bad Request', error)

export const BAD_CONTACT = bad('Contact parse error')
export const STAR_NOT_ZERO = bad('* used in contact and expires is not zero')
export const STAR_NOT_ALONE = bad('* used in contact and more than 1 contact')
export const CONTACT_TOO_LONG = bad('Contact/received too long')
export const BAD_AOR = bad('Error while parsing AOR')
export const BAD_Q = bad('Invalid q param in contact')
export const BAD_CSEQ = bad('Invalid CSeq number')
export const BAD_PATH = bad('Path parse error')
export const BAD_REG_ID = bad('Invalid reg-id param in contact')
const away = (error: string): Failure => failure(500, 'Server Internal Error', error)

export const NO_RECORD = away('usrloc_record_get failed')
/** A change could not be written to the database. */
export const NOT_WRITTEN: Readonly<Record<Change, Failure>> = {
  insert: away('usrloc_contact_insert failed'),
  update: away('usrloc_contact_update failed'),
  delete: away('usrloc_contact_delete failed'),
}
export const TOO_MANY = failure(503, 'Service Unavailable', 'Too many registered contacts')
export const TOO_BRIEF = failure(423, 'Interval Too Brief', 'Interval too brief')
export const NO_PATH_SUPPORT = failure(420, 'Bad Extension', 'No support for found Path indicated')
export const NO_OUTBOUND_HERE = failure(420, 'Bad Extension', 'No support for Outbound on server')
export const NO_OUTBOUND_THERE = failure(
  421,
  'Extension Required',
  'No support for Outbound indicated',
)
export const NO_OUTBOUND_EDGE = failure(
  439,
  'First Hop Lacks Outbound Support',
  'No support for Outbound on edge proxy',
)
