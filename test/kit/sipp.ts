// SIPp as a caller or an answerer with a scenario of ours, and its own count of what went well.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { untilBound } from './bound.ts'
import { type Child, start } from './child.ts'
import { type Transport, bracket } from './phone.ts'
import { freePort } from './ports.ts'
import type { Beside, SipServer } from './server.ts'

export type SippOptions = {
  /** A file of test/peers/sipp, without .xml; or the name of one that SIPp has built in. */
  scenario: string
  builtIn?: boolean
  /** More of the command line. */
  args?: string[]
  server: SipServer
  transport?: Transport
  /** The number dialled, [service] in a scenario. */
  user?: string
  calls?: number
  /** Calls started a second. */
  rate?: number
  port?: number
  /** More [keys] for the scenario. */
  keys?: Record<string, string>
  context?: Beside
}

/**
 * An answerer that has repeated its 200 does not know a repeated INVITE again, and would end the
 * call: on a busy machine both happen.
 */
const PATIENT = ['-default_behaviors', 'all,-abortunexp']

export type SippResult = { ok: number; failed: number; errors: string; messages: string }

export class Sipp {
  readonly port: number
  readonly child: Child
  readonly #folder: string

  constructor(port: number, child: Child, folder: string) {
    this.port = port
    this.child = child
    this.#folder = folder
  }

  /** Waits until it has made its calls. */
  async result(withinMs = 70_000): Promise<SippResult> {
    await this.child.end(withinMs)
    return this.#read()
  }

  /** Ends one that waits for calls. */
  async stop(): Promise<SippResult> {
    // SIGUSR1 lets the calls of the moment end.
    await this.child.stop('SIGUSR1')
    return this.#read()
  }

  discard(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #read(): SippResult {
    const [head = [], ...rows] = this.#text('stat.csv')
      .trim()
      .split('\n')
      .map(line => line.split(';'))
    const last = rows.at(-1) ?? []
    const column = (name: string) => Number(last[head.indexOf(name)] ?? Number.NaN)
    return {
      ok: column('SuccessfulCall(C)'),
      failed: column('FailedCall(C)'),
      errors: this.#text('errors.log'),
      messages: this.#text('messages.log'),
    }
  }

  #text(name: string): string {
    try {
      return readFileSync(join(this.#folder, name), 'latin1')
    } catch (error) {
      // SIPp opens its error file when the first error comes.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw error
    }
  }
}

/** Starts SIPp and waits until its port is open; it is ended when the test is over. */
export async function sipp(options: SippOptions): Promise<Sipp> {
  const { server, calls = 0, rate = 10, context = { onTestFinished } } = options
  const folder = mkdtempSync(join(tmpdir(), 'ohana-sipp-'))
  const port = options.port ?? (await freePort())
  const scenario = options.builtIn
    ? ['-sn', options.scenario]
    : ['-sf', resolve('test/peers/sipp', `${options.scenario}.xml`)]
  const keys = Object.entries(options.keys ?? {}).flatMap(([name, value]) => ['-key', name, value])
  const log = (name: string) => join(folder, name)
  const child = start('sipp', [
    ...[server.address, ...scenario, '-nostdin', ...(options.args ?? [])],
    ...['-i', bracket(server.host), '-p', String(port)],
    ...['-t', options.transport === 'tcp' ? 't1' : 'u1'],
    ...['-s', options.user ?? 'service', '-r', String(rate)],
    ...(calls > 0 ? ['-m', String(calls)] : PATIENT),
    ...['-trace_stat', '-fd', '1', '-stf', log('stat.csv')],
    ...['-trace_err', '-error_file', log('errors.log')],
    ...['-trace_msg', '-message_file', log('messages.log')],
    ...['-timeout', '60', ...keys],
  ])
  const started = new Sipp(port, child, folder)
  context.onTestFinished(async () => {
    await child.stop('SIGKILL')
    started.discard()
  })
  const { transport = 'udp' } = options
  // A caller over TCP opens its port with its first call.
  if (transport === 'udp' || calls === 0)
    await untilBound(transport, port, () => child.code !== null)
  return started
}
