// A MariaDB server on a free loopback port, in a folder of its own.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyPair } from './certificates.ts'
import { type Child, run, start } from './child.ts'
import { DatabaseServer } from './database-server.ts'
import { freePort } from './ports.ts'

const PASSWORD = 'p@ss:word'
/** Small, and quick: safe from its own end, not from that of the machine. */
const FRUGAL = [
  '--innodb-log-file-size=4M',
  '--innodb-buffer-pool-size=8M',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-flush-method=nosync',
  '--skip-log-bin',
  '--skip-name-resolve',
]

export class MariadbServer extends DatabaseServer {
  protected readonly stopSignal = 'SIGTERM'
  /** Of the root user. */
  readonly password = PASSWORD

  private readonly more: readonly string[]

  private constructor(port: number, more: readonly string[]) {
    super(port, 'mariadb')
    this.more = more
  }

  /** With a certificate it encrypts for who wants it. */
  static async start(tls?: KeyPair): Promise<MariadbServer> {
    const more = tls === undefined ? [] : [`--ssl-cert=${tls.certificate}`, `--ssl-key=${tls.key}`]
    const server = new MariadbServer(await freePort(), more)
    await server.install()
    await server.start()
    return server
  }

  get socket(): string {
    return join(this.folder, 'socket')
  }

  url(database: string, parameters = ''): string {
    return `mysql://kamailio:${PASSWORD}@127.0.0.1:${this.port}/${database}${parameters}`
  }

  async makeDatabase(name: string): Promise<string> {
    await this.sql(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
    return this.url(name)
  }

  /** Runs statements with the server's own client; gives its rows, separated by tabs. */
  async sql(statements: string, database = ''): Promise<string> {
    const { code, output } = await run(
      'mariadb',
      ['--no-defaults', '-S', this.socket, '-u', 'root', '-N', '-B', ...[database].filter(Boolean)],
      { input: statements },
    )
    if (code !== 0) throw new Error(output)
    return output
  }

  protected run(): Child {
    // Not in the path of everybody.
    return start('/usr/sbin/mariadbd', [
      ...this.common(),
      ...FRUGAL,
      ...this.more,
      '--bind-address=127.0.0.1',
      `--port=${this.port}`,
      `--socket=${this.socket}`,
      `--pid-file=${join(this.folder, 'pid')}`,
      `--init-file=${join(this.folder, 'init.sql')}`,
    ])
  }

  private async install(): Promise<void> {
    const options = [
      ...['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
      ...['--innodb-log-file-size=4M', '--innodb-data-file-path=ibdata1:5M:autoextend'],
    ]
    const { code, output } = await run('mariadb-install-db', [...this.common(), ...options])
    if (code !== 0) throw new Error(output)
    const init = join(this.folder, 'init.sql')
    const grant = `GRANT ALL ON *.* TO kamailio@'%' IDENTIFIED BY '${PASSWORD}';`
    writeFileSync(init, grant)
    chmodSync(this.folder, 0o755)
  }

  private common(): string[] {
    const user = process.getuid?.() === 0 ? ['--user=root'] : []
    // Servers that share a folder for their temporary tables delete each other's.
    const own = [`--datadir=${join(this.folder, 'data')}`, `--tmpdir=${this.folder}`]
    return ['--no-defaults', ...own, ...user]
  }
}
