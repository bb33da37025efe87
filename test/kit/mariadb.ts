// A MariaDB server on a free loopback port, in a folder of its own, for one test. `root` has no
// password there.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Child, start } from './child.ts'
import { freePort } from './ports.ts'

const execute = promisify(execFile)

export class MariaDbServer {
  readonly port: number
  readonly folder: string
  child: Child

  private constructor(port: number, folder: string, child: Child) {
    this.port = port
    this.folder = folder
    this.child = child
  }

  static async start(): Promise<MariaDbServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-mariadb-'))
    const data = join(folder, 'data')
    await execute('mariadb-install-db', [
      ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
      ...['--skip-test-db', `--tmpdir=${folder}`, '--user=root'],
    ])
    const port = await freePort()
    const server = new MariaDbServer(port, folder, run(port, folder))
    await server.ready()
    return server
  }

  url(database: string, user = 'root', password = ''): string {
    const who = password === '' ? user : `${user}:${password}`
    return `mysql://${who}@127.0.0.1:${this.port}/${database}`
  }

  /** Runs statements with Debian's own client and gives its output: tab separated, no titles. */
  async sql(statements: string, database = ''): Promise<string> {
    const { stdout } = await execute('mysql', [
      ...['--no-defaults', '-h', '127.0.0.1', '-P', String(this.port), '-u', 'root'],
      ...['-N', '-B', '-e', statements, ...(database === '' ? [] : [database])],
    ])
    return stdout
  }

  ready(): Promise<unknown> {
    return this.child.printed(/ready for connections/, 30_000)
  }

  /** The same data on the same port again, after `child` ended. */
  async again(): Promise<void> {
    this.child = run(this.port, this.folder)
    await this.ready()
  }

  async stop(): Promise<void> {
    await this.child.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const run = (port: number, folder: string): Child =>
  start('mariadbd', [
    ...['--no-defaults', '--user=root', `--datadir=${join(folder, 'data')}`],
    ...[`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'my.sock')}`],
    ...[`--pid-file=${join(folder, 'my.pid')}`, `--tmpdir=${folder}`, '--skip-name-resolve'],
    ...['--innodb-buffer-pool-size=32M', '--innodb-log-file-size=16M'],
  ])
