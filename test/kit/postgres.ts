// A PostgreSQL server on a free loopback port, in a folder of its own. It does not run as root: a
// test that does starts it as the user of Debian's package.
import { chmodSync, chownSync, copyFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { KeyPair } from './certificates.ts'
import { run, start, type Child } from './child.ts'
import { DatabaseServer } from './database-server.ts'
import { freePort } from './ports.ts'

const ROOT = '/usr/lib/postgresql'
/** Small, and quick: safe from its own end, not from that of the machine. */
const FRUGAL = ['fsync=off', 'full_page_writes=off', 'shared_buffers=8MB']
/** SSLRequest, to which the server answers with one letter. */
const HELLO = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47)

export class PostgresServer extends DatabaseServer {
  protected readonly stopSignal = 'SIGINT'
  private readonly as: string[]
  private readonly tls: KeyPair | null

  private constructor(port: number, as: string[], tls: KeyPair | null) {
    super(port, 'postgres')
    this.as = as
    this.tls = tls
  }

  /** With a certificate it encrypts for who wants it. */
  static async start(tls?: KeyPair): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort(), await unprivileged(), tls ?? null)
    await server.install()
    await server.start()
    return server
  }

  url(database: string): string {
    return `postgres://kamailio:secret@127.0.0.1:${this.port}/${database}`
  }

  async makeDatabase(name: string): Promise<string> {
    await this.sql(`CREATE DATABASE ${name} OWNER kamailio`)
    return this.url(name)
  }

  /** Runs statements with the server's own client; gives its rows. */
  async sql(statements: string, database = 'postgres'): Promise<string> {
    const { code, output } = await this.psql(statements, database)
    if (code !== 0) throw new Error(output)
    return output
  }

  private psql(statements: string, database = 'postgres'): ReturnType<typeof run> {
    return run(join(programs(), 'psql'), [
      ...['-h', '127.0.0.1', '-p', String(this.port), '-U', 'kamailio', '-d', database],
      ...['-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statements],
    ])
  }

  /** It says hello, and that it is still starting up, some time before it takes statements. */
  protected override async answers(): Promise<boolean> {
    return (await super.answers()) && (await this.psql('SELECT 1')).code === 0
  }

  protected run(): Child {
    const settings = [
      ...FRUGAL,
      `port=${this.port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${this.folder}`,
      ...(this.tls === null ? [] : this.encryption(this.tls)),
    ]
    const [command = '', ...args] = this.command('postgres', [
      ...['-D', join(this.folder, 'data')],
      ...settings.flatMap(setting => ['-c', setting]),
    ])
    return start(command, args)
  }

  protected override greet(socket: { write(bytes: Uint8Array): void }): void {
    socket.write(HELLO)
  }

  /** It wants a key that is its own. */
  private encryption({ certificate, key }: KeyPair): string[] {
    const [uid, gid] = this.as
    const files = [certificate, key].map(file => join(this.folder, basename(file)))
    for (const [at, file] of [certificate, key].entries()) {
      copyFileSync(file, files[at]!)
      chmodSync(files[at]!, 0o600)
      if (uid !== undefined) chownSync(files[at]!, Number(uid), Number(gid))
    }
    return ['ssl=on', `ssl_cert_file=${files[0]}`, `ssl_key_file=${files[1]}`]
  }

  private async install(): Promise<void> {
    const [uid, gid] = this.as
    if (uid !== undefined) chownSync(this.folder, Number(uid), Number(gid))
    const [command = '', ...args] = this.command('initdb', [
      ...['-D', join(this.folder, 'data'), '-A', 'trust', '-U', 'kamailio'],
      ...['--no-sync', '--no-instructions', '-E', 'UTF8', '--locale=C'],
    ])
    const { code, output } = await run(command, args, { cwd: this.folder })
    if (code !== 0) throw new Error(output)
  }

  /** The program, as the user that may run it. */
  private command(program: string, args: string[]): string[] {
    const path = join(programs(), program)
    const [uid, gid] = this.as
    if (uid === undefined) return [path, ...args]
    // The signal at the parent's end is forgotten when the user changes: it is asked for anew.
    const who = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig', 'TERM']
    return ['setpriv', ...who, path, ...args]
  }
}

/** The folder of the newest version. */
function programs(): string {
  const newest = readdirSync(ROOT)
    .toSorted((a, b) => Number(a) - Number(b))
    .at(-1)
  return join(ROOT, newest ?? '', 'bin')
}

/** User and group for a root process, none for others. */
async function unprivileged(): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const ids = await Promise.all(['-u', '-g'].map(which => run('id', [which, 'postgres'])))
  return ids.map(({ output }) => output.trim())
}
