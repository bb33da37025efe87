// Certificates for tests of TLS: an authority, and certificates that it has signed.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

  /** Serial numbers that are revoked. */
  private readonly revoked: string[] = []

  constructor(subject = '/C=US/ST=HI/L=Hilo/O=Ohana/OU=Ops/CN=Test CA') {
    this.openssl('req', '-x509', ...NEW_KEY, this.key, '-out', this.certificate, '-subj', subject)
  }

  /**
   * Makes and signs a certificate; `names` as in subjectAltName: `DNS:a.example,IP:127.0.0.1`, or
   * another extension.
   */
  sign(name: string, subject: string, names = '', days = 30): KeyPair {
    const file = (end: string): string => join(this.folder, `${name}.${end}`)
    this.openssl('req', ...NEW_KEY, file('key'), '-out', file('csr'), '-subj', subject)
    writeFileSync(
      file('ext'),
      names === '' || names.includes('=') ? names : `subjectAltName=${names}`,
    )
    const signer = ['-CA', this.certificate, '-CAkey', this.key, '-CAcreateserial']
    const more = ['-days', String(days), '-extfile', file('ext')]
    this.openssl('x509', '-req', '-in', file('csr'), ...signer, '-out', file('pem'), ...more)
    return { certificate: file('pem'), key: file('key') }
  }

  /** An authority below this one; what it signs is shown with its own certificate behind. */
  signWithIntermediate(name: string, subject: string): KeyPair {
    const file = (end: string): string => join(this.folder, `${name}.${end}`)
    const between = this.sign(`${name}-ca`, '/CN=Between', 'basicConstraints=critical,CA:TRUE')
    this.openssl('req', ...NEW_KEY, file('key'), '-out', file('csr'), '-subj', subject)
    const signer = ['-CA', between.certificate, '-CAkey', between.key, '-CAcreateserial']
    this.openssl('x509', '-req', '-in', file('csr'), ...signer, '-out', file('pem'), '-days', '30')
    appendFileSync(file('pem'), readFileSync(between.certificate))
    return { certificate: file('pem'), key: file('key') }
  }

  /** The list of all that are revoked, as it was in the year before: it has expired. */
  expiredList(): string {
    const list = join(this.folder, 'old-crl.pem')
    const times = ['-crl_lastupdate', '20250101000000Z', '-crl_nextupdate', '20250201000000Z']
    const who = ['-cert', this.certificate, '-keyfile', this.key]
    const config = join(this.folder, 'ca.cnf')
    this.openssl('ca', '-config', config, '-gencrl', '-out', list, ...times, ...who)
    return list
  }

  /** Revokes a certificate; returns the list of all that are revoked. */
  revoke({ certificate }: KeyPair): string {
    const serial = execFileSync('openssl', ['x509', '-noout', '-serial', '-in', certificate])
    this.revoked.push(String(serial).trim().split('=')[1]!)
    const [database, config, list] = ['index.txt', 'ca.cnf', 'crl.pem'].map(name =>
      join(this.folder, name),
    ) as [string, string, string]
    const rows = this.revoked.map(
      number => `R\t400101000000Z\t260101000000Z\t${number}\t-\t/CN=x\n`,
    )
    writeFileSync(database, rows.join(''))
    const lines = [`database=${database}`, 'default_md=sha256', 'default_crl_days=30']
    writeFileSync(config, `[ca]\ndefault_ca=own\n[own]\n${lines.join('\n')}\n`)
    const who = ['-cert', this.certificate, '-keyfile', this.key]
    this.openssl('ca', '-config', config, '-gencrl', '-out', list, ...who)
    return list
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'ignore' })
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout']
