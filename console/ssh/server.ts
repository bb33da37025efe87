/**
 * The ssh front door: a process of its own, an RPC client of the nodes like any other. No shell, no
 * forwarding, public keys only.
 */
import { join } from 'node:path'
import ssh2, { type Connection } from 'ssh2'
import { connect } from '../../rpc/client/connect.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import { FleetModel } from '../model/fleet-model.ts'
import type { Options } from '../options.ts'
import { readAuthorizedKeys } from './authorized-keys.ts'
import { hostKey, stateDirectory } from './host-key.ts'
import { guard } from './login.ts'
import { type Host, receive } from './visit.ts'

const LIMITS = {
  connections: 32,
  connectionsOfOneAddress: 10,
  sessionsOfOneConnection: 4,
  tries: 6,
  /** From connecting to a proven key. */
  loginMs: 20_000,
  idleMs: 30 * 60_000,
  keepaliveMs: 15_000,
} as const

export async function runSshServer(options: Options): Promise<number> {
  const log = (text: string): void =>
    void process.stderr.write(`${new Date().toISOString()} ssh: ${visible(text)}\n`)
  const address = addressOf(options.listen)
  if (address === null) {
    process.stderr.write(`console: --listen takes address:port, not ${options.listen}\n`)
    return 2
  }
  const folder = stateDirectory(options.stateDir, process.env)
  const authorizedKeys = options.authorizedKeys ?? join(folder, 'authorized_keys')
  const house = new House(options, log)
  const config = { hostKeys: [hostKey(folder)], ident: 'ohana', ...KEEPALIVE }
  const server = new ssh2.Server(config, (connection, { ip, port }) => {
    house.admit(connection, ip, `${ip}:${port}`, authorizedKeys)
  })
  const failed = await listen(server, address)
  if (failed !== null) {
    process.stderr.write(`console: cannot listen on ${options.listen}: ${failed.message}\n`)
    return 1
  }
  const bound = server.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port
  process.stdout.write(`ssh -p ${port} ${address.host}\n`)
  if (readAuthorizedKeys(authorizedKeys).keys.length === 0)
    log(`nobody can come in yet: put public keys into ${authorizedKeys}`)
  await untilTold(options.untilEof)
  server.close()
  await house.close()
  return 0
}

const KEEPALIVE = { keepaliveInterval: LIMITS.keepaliveMs, keepaliveCountMax: 3 }

/** `127.0.0.1:2222`, `[::1]:2222`. */
function addressOf(text: string): { host: string; port: number } | null {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text) ?? []
  if (host === undefined || Number(port) > 65_535) return null
  return { host, port: Number(port) }
}

function listen(
  server: ssh2.Server,
  { host, port }: { host: string; port: number },
): Promise<Error | null> {
  return new Promise(resolve => {
    server.once('error', resolve)
    server.listen(port, host, () => {
      server.off('error', resolve)
      // A connection that breaks while it is accepted is not our end.
      server.on('error', () => undefined)
      resolve(null)
    })
  })
}

/** Until a signal, or until whoever started us is gone. */
function untilTold(untilEof: boolean): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
    if (untilEof)
      process.stdin
        .on('end', resolve)
        .on('error', () => resolve())
        .resume()
  })
}

/** Everybody who is in, and what they share. */
class House implements Host {
  readonly located: Options['located']
  readonly idleMs = LIMITS.idleMs
  readonly maxSessions = LIMITS.sessionsOfOneConnection
  readonly log: (text: string) => void
  private readonly connections = new Map<Connection, string>()
  private fleet: FleetModel | null = null
  private guests = 0

  constructor({ located }: Options, log: (text: string) => void) {
    this.located = located
    this.log = log
  }

  admit(connection: Connection, ip: string, from: string, authorizedKeys: string): void {
    connection.on('error', error => this.log(`${from}: ${error.message}`))
    const ofThisAddress = [...this.connections.values()].filter(one => one === ip).length
    if (
      this.connections.size >= LIMITS.connections ||
      ofThisAddress >= LIMITS.connectionsOfOneAddress
    ) {
      this.log(`${from}: too many connections`)
      connection.end()
      return
    }
    this.connections.set(connection, ip)
    const late = setTimeout(() => connection.end(), LIMITS.loginMs)
    connection.on('close', () => {
      clearTimeout(late)
      this.connections.delete(connection)
    })
    guard(connection, from, { authorizedKeys, maxTries: LIMITS.tries, log: this.log }, who => {
      clearTimeout(late)
      receive(this, connection, who)
    })
  }

  enter(): FleetModel {
    this.guests++
    this.fleet ??= new FleetModel({ ...this.located, connect, now: Date.now })
    return this.fleet
  }

  leave(): void {
    this.guests--
    if (this.guests > 0) return
    void this.fleet?.close()
    this.fleet = null
  }

  async close(): Promise<void> {
    for (const connection of this.connections.keys()) connection.end()
    await this.fleet?.close()
  }
}
