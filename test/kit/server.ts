// A SIP server under test, in a folder of its own on free loopback ports: an Ohana node, or, with
// OHANA_PEER_SERVER=kamailio, the real Kamailio, so that a test can be tried on the original first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished, type TestContext } from 'vitest'
import { untilBound } from './bound.ts'
import { type Child, run, start } from './child.ts'
import { Phone, type Transport, bracket } from './phone.ts'
import { freePort } from './ports.ts'
import { print } from './sip-text.ts'

export const KAMAILIO = process.env.OHANA_PEER_SERVER === 'kamailio'

export const DEFAULT_CONFIG = '/etc/kamailio/kamailio.cfg'

export type ServerOptions = {
  /** A config file, or the text of one. */
  config?: string
  /** -A NAME or -A NAME=VALUE */
  defines?: string[]
  transports?: Transport[]
  host?: string
  port?: number
  /** More of the command line; PORT stands for the port. */
  args?: string[]
  /** More of the environment. */
  env?: Record<string, string>
  /** The real Kamailio, whatever the others are. */
  original?: boolean
  /** Milliseconds from the opened port to the first answer. */
  withinMs?: number
}

export class SipServer {
  readonly host: string
  readonly port: number
  readonly folder: string
  readonly child: Child

  constructor(host: string, port: number, folder: string, child: Child) {
    this.host = host
    this.port = port
    this.folder = folder
    this.child = child
  }

  get address(): string {
    return `${bracket(this.host)}:${this.port}`
  }

  /** Everything that it logged. */
  get log(): string {
    return this.child.output
  }

  /** Waits for a line in the log. */
  logged(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray> {
    return this.child.printed(pattern, withinMs)
  }

  /** Asks it by kamcmd over the control socket; returns what kamcmd prints. */
  async rpc(...command: string[]): Promise<string> {
    const { output } = await run('kamcmd', ['-s', this.control, ...command])
    return output
  }

  /** From now on it takes every request: a machine that is busy otherwise is no overload. */
  async takeAll(): Promise<void> {
    await this.rpc('cfg.set_now_int', 'ohana', 'overload_protection', '0')
  }

  get control(): string {
    return `unixs:${join(this.folder, 'kamailio_ctl')}`
  }

  async stop(): Promise<number> {
    const code = await this.child.stop()
    rmSync(this.folder, { recursive: true, force: true })
    return code
  }
}

/** The program and the switches that only one of the two servers needs. */
function program(original: boolean): [string, ...string[]] {
  return original ? ['kamailio', '-m', '64', '-M', '8'] : [resolve('server/bin/ohana')]
}

/** Starts a server and waits until it answers OPTIONS; the caller stops it. */
export async function startServer(options: ServerOptions = {}): Promise<SipServer> {
  try {
    return await startOnce(options)
  } catch (error) {
    // Now and then the processes of the original race at its start, and one dies of a signal.
    const original = options.original ?? KAMAILIO
    const raced = original && String(error).includes('exited by a signal')
    // A program that knows nothing of these tests may have taken the port.
    const taken =
      options.port === undefined && /already in use|somebody listens there/i.test(String(error))
    if (!raced && !taken) throw error
    return startOnce(options)
  }
}

async function startOnce(options: ServerOptions): Promise<SipServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-test-'))
  const host = options.host ?? '127.0.0.1'
  const port = options.port ?? (await freePort())
  const transports = options.transports ?? ['udp', 'tcp']
  const listen = transports.flatMap(name => ['-l', `${name}:${bracket(host)}:${port}`])
  const defines = (options.defines ?? []).flatMap(define => ['-A', define])
  const pid = join(folder, 'server.pid')
  const original = options.original ?? KAMAILIO
  const [command, ...own] = program(original)
  const config = configFile(options.config ?? DEFAULT_CONFIG, folder, original)
  const shared = ['-f', config, '-DD', '-E', '-Y', folder, '-w', folder, '-P', pid]
  const args = [
    ...own,
    ...shared,
    ...listen,
    ...defines,
    ...(options.args ?? []).map(arg => arg.replace('PORT', String(port))),
  ]
  const server = new SipServer(host, port, folder, start(command, args, { env: options.env }))
  try {
    for (const transport of transports)
      await answersOptions(server, transport, options.withinMs ?? 15_000)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** Of a test that runs beside others: vitest knows the one of the moment only where one runs. */
export type Beside = Pick<TestContext, 'onTestFinished'>

/** As startServer, and stopped when the test that calls it is over. */
export async function serverForTest(
  options: ServerOptions = {},
  context: Beside = { onTestFinished },
): Promise<SipServer> {
  const server = await startServer(options)
  context.onTestFinished(async () => void (await server.stop()))
  return server
}

/** A node refuses nothing: a machine that is busy otherwise is no overload. */
export const TAKE_ALL = 'ohana.overload_protection = 0\n'

/** Several lines are the text of a config, one line is the path of one. */
function configFile(config: string, folder: string, original: boolean): string {
  if (!config.includes('\n')) return resolve(config)
  const path = join(folder, 'kamailio.cfg')
  const more = original || config.includes('overload_protection') ? '' : `\n${TAKE_ALL}`
  writeFileSync(path, config + more)
  return path
}

/** A server that is bound answers; a datagram or a connection of the first moment may be lost. */
const PROBE_MS = 3000

/** Waits until the server answers OPTIONS. */
export async function answersOptions(
  server: SipServer,
  transport: Transport,
  ms: number,
): Promise<void> {
  const until = Date.now() + ms
  // One question and no more, where it can be had: tests count messages.
  await untilBound(transport, server.port, () => server.child.code !== null)
  while (Date.now() < until) {
    if (server.child.code !== null) break
    const phone = await Phone.open(transport, server.host)
    try {
      await phone.send(optionsFrom(phone, server), server.host, server.port)
      await phone.expect(/^SIP\/2\.0 /, PROBE_MS)
      return
    } catch {
      // Not up yet: refused (TCP) or unheard (UDP).
      await new Promise(later => setTimeout(later, 20))
    } finally {
      await phone.close()
    }
  }
  throw new Error(`no answer to OPTIONS over ${transport} at ${server.address}\n${server.log}`)
}

function optionsFrom(phone: Phone, server: SipServer): string {
  const id = `probe-${phone.port}-${Date.now()}`
  const transport = phone.transport.toUpperCase()
  return print(`OPTIONS sip:${server.address} SIP/2.0`, [
    ['Via', `SIP/2.0/${transport} ${phone.address};branch=z9hG4bK${id};rport`],
    ['Max-Forwards', '70'],
    ['From', `<sip:probe@${phone.address}>;tag=${id}`],
    ['To', `<sip:${server.address}>`],
    ['Call-ID', id],
    ['CSeq', '1 OPTIONS'],
    // By this header a configuration that relays everything knows the probe.
    ['X-Probe', '1'],
  ])
}
