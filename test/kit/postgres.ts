// A PostgreSQL server on a free loopback port, in a folder of its own, for one test. The password of
// `postgres` is `secret`.
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Child, start } from './child.ts'
import { freePort } from './ports.ts'

const execute = promisify(execFile)

/** Debian puts the programs of a server where no PATH leads. */
const PROGRAMS = '/usr/lib/postgresql/15/bin'
const PASSWORD = 'secret'

/** The server refuses to run as root, so root hands it to Debian's user for it. */
const asOwner = (command: string[]): string[] =>
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', ...command]
    : command

export class PostgresServer {
  readonly port: number
  readonly folder: string
  child: Child

  private constructor(port: number, folder: string, child: Child) {
    this.port = port
    this.folder = folder
    this.child = child
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-postgres-'))
    const data = join(folder, 'data')
    const password = join(folder, 'password')
    mkdirSync(data)
    writeFileSync(password, PASSWORD)
    chmodSync(folder, 0o755)
    if (process.getuid?.() === 0) await execute('chown', ['postgres', data, password])
    const [command = '', ...args] = asOwner([
      ...[`${PROGRAMS}/initdb`, '-D', data, '-U', 'postgres', '-A', 'scram-sha-256'],
      ...['--pwfile', password, '-E', 'UTF8', '--locale=C', '--no-sync'],
    ])
    await execute(command, args)
    const port = await freePort()
    const server = new PostgresServer(port, folder, run(port, data))
    await server.ready()
    return server
  }

  url(database: string, user = 'postgres', password = PASSWORD): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`
  }

  /** Runs statements with Debian's own client and gives its output: | between, no titles. */
  async sql(statements: string, database = 'postgres'): Promise<string> {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statements]
    const { stdout } = await execute('psql', [...args, this.url(database)])
    return stdout
  }

  ready(): Promise<unknown> {
    return this.child.printed(/ready to accept connections/, 30_000)
  }

  /** The same data on the same port again, after `child` ended. */
  async again(): Promise<void> {
    this.child = run(this.port, join(this.folder, 'data'))
    await this.ready()
  }

  async stop(): Promise<void> {
    // SIGINT: it ends without waiting for its clients.
    await this.child.stop('SIGINT')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function run(port: number, data: string): Child {
  const [command = '', ...args] = asOwner([
    ...[`${PROGRAMS}/postgres`, '-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data],
    ...['-c', 'shared_buffers=16MB'],
  ])
  return start(command, args)
}
