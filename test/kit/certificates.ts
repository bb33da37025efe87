// Certificates for tests of TLS: an authority, and certificates that it has signed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'ohana-tls-'))
  readonly certificate = join(this.folder, 'ca.pem')
  private readonly key = join(this.folder, 'ca.key')

  constructor(subject = '/C=US/ST=HI/L=Hilo/O=Ohana/OU=Ops/CN=Test CA') {
    this.openssl('req', '-x509', ...NEW_KEY, this.key, '-out', this.certificate, '-subj', subject)
  }

  /** Makes and signs a certificate; `names` as in subjectAltName: `DNS:a.example,IP:127.0.0.1`. */
  sign(name: string, subject: string, names = '', days = 30): KeyPair {
    const file = (end: string): string => join(this.folder, `${name}.${end}`)
    this.openssl('req', ...NEW_KEY, file('key'), '-out', file('csr'), '-subj', subject)
    writeFileSync(file('ext'), names === '' ? '' : `subjectAltName=${names}`)
    const signer = ['-CA', this.certificate, '-CAkey', this.key, '-CAcreateserial']
    const more = ['-days', String(days), '-extfile', file('ext')]
    this.openssl('x509', '-req', '-in', file('csr'), ...signer, '-out', file('pem'), ...more)
    return { certificate: file('pem'), key: file('key') }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'ignore' })
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout']
