/** What went wrong with a request, as libcurl numbers it. */
import * as errors from './curl-errors.ts'

/** Thrown where the number is known. */
export class HttpFailure extends Error {
  readonly error: number
  constructor(error: number) {
    super(errors.curlError(error))
    this.error = error
  }
}

const BY_CODE: Readonly<Record<string, number>> = {
  ABORT_ERR: errors.TIMED_OUT,
  ENOTFOUND: errors.NO_ADDRESS,
  EAI_AGAIN: errors.NO_ADDRESS,
  EPIPE: errors.NOT_SENT,
  // The first byte is not that of an answer: HTTP/0.9, which is not spoken.
  HPE_INVALID_CONSTANT: errors.UNSUPPORTED_PROTOCOL,
  EADDRNOTAVAIL: errors.NO_INTERFACE,
}
const CONNECTING = /^E(CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|HOSTDOWN|ACCES|INVAL)$/

export function failureOf(error: unknown): number {
  if (error instanceof HttpFailure) return error.error
  const { code = '', message } = error as NodeJS.ErrnoException
  const known = BY_CODE[code]
  if (known !== undefined) return known
  if (CONNECTING.test(code)) return errors.NO_CONNECTION
  if (code === 'ECONNRESET')
    return message === 'socket hang up' ? errors.EMPTY_REPLY : errors.NOT_RECEIVED
  if (code.startsWith('HPE_')) return errors.WEIRD_REPLY
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return errors.TLS_FAILED
  return errors.NOT_RECEIVED
}
