/** What the runtime keeps behind a secure socket and hands to nobody, and its library's errors. */
import type { TLSSocket } from 'node:tls'
import { certificateFault } from '../../net/openssl.ts'

interface Handle {
  /** Is the peer asked for a certificate, and does the handshake fail without one? */
  setVerifyMode(asked: boolean, required: boolean): void
  /** What is wrong with the certificate of the peer; null when nothing is. */
  verifyError(): (Error & { code: string }) | null
}

export const handleOf = (socket: TLSSocket): Handle | null =>
  (socket as unknown as { _handle: Handle | null })._handle

/** The library's error: `reason` is the sentence within its message. */
interface TlsError extends NodeJS.ErrnoException {
  readonly reason?: string
}

/** The sentence that the library has for what went wrong in a handshake; null for other errors. */
export function reasonOf({ code, reason, message }: TlsError): string | null {
  const [, sentence = reason] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []
  const isCertificate =
    code === 'ERR_SSL_CERTIFICATE_VERIFY_FAILED' || sentence === 'certificate verify failed'
  return isCertificate ? `bad certificate: ${certificateFault()}` : (sentence ?? null)
}
