/**
 * What the runtime does not let us ask of its TLS library: that a handshake fails, with the alert
 * that says why, when the certificate of the peer is not good. The runtime lets every handshake
 * succeed and asks afterwards, when there is nothing left but to hang up. Where the library cannot
 * be reached that stays so.
 */
import { createRequire } from 'node:module'
import type { SecureContext } from 'node:tls'
import { inspect } from 'node:util'

interface Library {
  SSL_CTX_set_cert_verify_callback(context: bigint, judge: unknown, argument: null): void
  SSL_CTX_set_verify_depth(context: bigint, depth: number): void
  X509_verify_cert_error_string(error: number): string
  /** What the library calls with the certificates of a peer. */
  readonly judge: unknown
}

const SSL_VERIFY_PEER = 1

let loaded: Library | null | undefined
/** What was wrong with the certificate that was looked at last; 0 when nothing was. */
let lastFault = 0

function library(): Library | null {
  if (loaded !== undefined) return loaded
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
    // The program itself: the library is a part of it.
    const c = koffi.load(null)
    const verify = c.func('int X509_verify_cert(void*)')
    const errorOf = c.func('int X509_STORE_CTX_get_error(void*)')
    const valueOf = c.func('void* X509_STORE_CTX_get_ex_data(void*, int)')
    const connection = c.func('int SSL_get_ex_data_X509_STORE_CTX_idx(void)')() as number
    const isServer = c.func('int SSL_is_server(void*)')
    const setVerify = c.func('void SSL_set_verify(void*, int, void*)')
    const Judge = koffi.proto('int OhanaCertificateJudge(void*, void*)')
    // The runtime's own callback calls every certificate good, but leaves the error where it is.
    const judge = (chain: unknown): number => {
      const ssl: unknown = valueOf(chain, connection)
      const done = verify(chain) > 0
      // The runtime lets its clients take whatever a server shows; what is said here counts.
      if (isServer(ssl) === 0) setVerify(ssl, SSL_VERIFY_PEER, null)
      lastFault = errorOf(chain)
      return done && lastFault === 0 ? 1 : 0
    }
    loaded = {
      SSL_CTX_set_cert_verify_callback: c.func(
        'void SSL_CTX_set_cert_verify_callback(void*, OhanaCertificateJudge*, void*)',
      ),
      SSL_CTX_set_verify_depth: c.func('void SSL_CTX_set_verify_depth(void*, int)'),
      X509_verify_cert_error_string: c.func('char* X509_verify_cert_error_string(long)'),
      judge: koffi.register(judge, koffi.pointer(Judge)),
    }
  } catch {
    loaded = null
  }
  return loaded
}

/** Where the library has a context; null where the runtime does not tell. */
function addressOf({ context }: SecureContext): bigint | null {
  const { _external: external } = context as { _external?: unknown }
  const found = /^\[External: ([0-9a-f]+)\]$/.exec(inspect(external))
  return found === null ? null : BigInt(`0x${found[1]}`)
}

/**
 * From now on handshakes of this context fail when the peer shows a certificate that is not good,
 * or has more than `depth` between it and its authority; false when that cannot be had.
 */
export function failOnBadCertificates(context: SecureContext, depth: number): boolean {
  const c = library()
  const address = c === null ? null : addressOf(context)
  if (c === null || address === null) return false
  c.SSL_CTX_set_cert_verify_callback(address, c.judge, null)
  c.SSL_CTX_set_verify_depth(address, depth)
  return true
}

/** What was wrong with the certificate by which a handshake has failed just now. */
export const certificateFault = (): string =>
  library()?.X509_verify_cert_error_string(lastFault) ?? 'unknown'
