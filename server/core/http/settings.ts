/** How requests to a web server are made, and what comes back. Texts are byte strings (latin1). */

export interface TlsSettings {
  readonly verifyPeer: boolean
  readonly verifyHost: boolean
  /** PEM files and a folder of them; '' is none. */
  readonly authority: string
  readonly authorityFolder: string
  readonly certificate: string
  readonly key: string
  /** As OpenSSL lists them; '' for the usual ones. */
  readonly ciphers: string
  /** Number of the oldest version that is allowed (TLS_VERSIONS); 0 for the usual one. */
  readonly version: number
}

/** Ways to authenticate, as bits. */
export const BASIC = 1
export const DIGEST = 2

export interface HttpSettings {
  readonly tls: TlsSettings
  /** Milliseconds for the whole of it. */
  readonly timeout: number
  readonly userAgent: string
  readonly followRedirects: boolean
  /** Bytes of the body that are kept; 0: all, within reason. */
  readonly keptBody: number
  /** The connection is kept for the next request. */
  readonly keepAlive: boolean
  readonly authMethods: number
  readonly user: string
  readonly password: string
  /** `host`, or a URL; '' is none. */
  readonly proxy: string
  readonly proxyPort: number
  /** Name or address of the network interface; '' for any. */
  readonly fromInterface: string
}

export interface HttpQuestion {
  readonly method: string
  readonly url: string
  /** Lines; `Name:` takes a header away that is there by default. */
  readonly headers: readonly string[]
  readonly body: string | null
}

export interface HttpAnswer {
  /** Of libcurl, 0 when there is an answer. */
  readonly error: number
  readonly status: number
  readonly reason: string
  /** The lines of the head: `Name: value`. */
  readonly headers: readonly string[]
  readonly body: string
  /** Where the answer came from in the end; '' for none. */
  readonly url: string
  /** Seconds from the beginning to the first byte, and to the last one. */
  readonly firstByte: number
  readonly total: number
}

/** Minimum versions by the numbers that libcurl gives them; SSL is not spoken any more. */
const VERSIONS = ['', 'TLSv1', '', '', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

export const tlsVersionOf = (number: number): (typeof VERSIONS)[number] => VERSIONS[number] ?? ''
export const isTlsVersion = (number: number): boolean => number === 0 || tlsVersionOf(number) !== ''
