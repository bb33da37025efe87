// An OpenLDAP server on a free loopback port, in a folder of its own, for one test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { KeyPair } from './certificates.ts'
import { type Child, run, start } from './child.ts'
import { freePort } from './ports.ts'

const SLAPD = '/usr/sbin/slapd'
const SCHEMAS = ['core', 'cosine', 'inetorgperson']

/** What a server has beside the usual. */
interface LdapOptions {
  /** Attributes and object classes, as slapd.conf has them. */
  readonly schema?: readonly string[]
  /** For TLS. */
  readonly pair?: KeyPair
  /** More lines about the database: limits, who may see what. */
  readonly more?: readonly string[]
}

export class LdapServer {
  static readonly admin = 'cn=admin,dc=x'
  static readonly password = 'secret'
  readonly port: number
  /** Of TLS from the first byte on; 0 without a certificate. */
  readonly securePort: number
  private readonly folder: string
  private child: Child | null = null

  private constructor(port: number, securePort: number, folder: string) {
    this.port = port
    this.securePort = securePort
    this.folder = folder
  }

  /** With these entries (LDIF) below dc=x. */
  static async start(entries: string, options: LdapOptions = {}): Promise<LdapServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-ldap-'))
    const securePort = options.pair === undefined ? 0 : await freePort()
    const server = new LdapServer(await freePort(), securePort, folder)
    mkdirSync(join(folder, 'db'))
    writeFileSync(server.config, configOf(folder, options))
    const data = join(folder, 'data.ldif')
    const top = 'dn: dc=x\nobjectClass: dcObject\nobjectClass: organization\ndc: x\no: x\n\n'
    writeFileSync(data, top + entries)
    const { code, output } = await run('slapadd', ['-q', '-f', server.config, '-l', data])
    if (code !== 0) throw new Error(output)
    await server.run()
    return server
  }

  get url(): string {
    return `ldap://127.0.0.1:${this.port}`
  }

  /** Starts it, or starts it again. */
  async run(): Promise<void> {
    const secure = this.securePort === 0 ? '' : ` ldaps://127.0.0.1:${this.securePort}`
    this.child = start(SLAPD, ['-f', this.config, '-h', `${this.url}${secure}`, '-d', 'stats'])
    await this.child.printed(/slapd starting/)
    // It says so before it listens.
    while (!(await this.listens())) await pause(5)
  }

  async halt(): Promise<void> {
    await this.child?.stop()
    this.child = null
  }

  /** SIGSTOP and SIGCONT: it hangs, it goes on. */
  signal(name: NodeJS.Signals): void {
    if (this.child !== null) process.kill(this.child.pid, name)
  }

  async stop(): Promise<void> {
    await this.halt()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private listens(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.port, '127.0.0.1', () => resolve(true))
      socket.on('connect', () => socket.destroy())
      socket.on('error', () => resolve(false))
    })
  }

  private get config(): string {
    return join(this.folder, 'slapd.conf')
  }
}

const configOf = (folder: string, { schema = [], pair, more = [] }: LdapOptions): string =>
  [
    ...SCHEMAS.map(name => `include /etc/ldap/schema/${name}.schema`),
    ...schema,
    ...(pair === undefined
      ? []
      : [`TLSCertificateFile ${pair.certificate}`, `TLSCertificateKeyFile ${pair.key}`]),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'database mdb',
    'suffix "dc=x"',
    `rootdn "${LdapServer.admin}"`,
    `rootpw ${LdapServer.password}`,
    `directory ${join(folder, 'db')}`,
    'dbnosync',
    ...more,
    '',
  ].join('\n')
