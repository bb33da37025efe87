// Tells the calls to a node without a network, with a clock of its own.
import { dirname } from 'node:path'
import { Fault } from '../../../rpc/faults.ts'
import { Bench } from '../../kit/bench.ts'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import type { Call, Outcome, Setup } from './facts.ts'
import { MODULES } from './facts.ts'
import { withDatabase } from '../cdr/database.ts'
import { maskReply, outcome, parseCommand } from './outcome.ts'
import { People } from './people.ts'

const MARK = '@@'
const TICK_MS = 50
/** What a real step takes, so that both have told the same time. */
const STEP_MS = 50

export class Replay {
  readonly bench: Bench
  private readonly time: { milliseconds: number }

  private readonly foreign: boolean

  private constructor(bench: Bench, time: Replay['time'], foreign: boolean) {
    this.bench = bench
    this.foreign = foreign
    this.time = time
  }

  static async start(
    setup: Setup,
    database: string | null = null,
    milliseconds = 0,
  ): Promise<Replay> {
    const time = { milliseconds }
    const clock = {
      now: () => 1_800_000_000_000 + time.milliseconds,
      monotonic: () => time.milliseconds,
    }
    const lines = ['debug=0', 'server_signature=no', 'auto_aliases=no']
    if (database !== null) lines.push(`spool_dir="${dirname(database)}/spool"`)
    for (const name of [...MODULES, ...(setup.modules ?? [])])
      if (name !== 'jsonrpcs') lines.push(`loadmodule "${name}.so"`)
    for (const [module, values] of Object.entries(withDatabase(setup, database)))
      for (const [name, value] of Object.entries(values))
        lines.push(`modparam("${module}", "${name}", ${JSON.stringify(value)})`)
    return new Replay(
      await Bench.start(`${lines.join('\n')}\n${setup.routes}\n`, clock),
      time,
      setup.foreign === true,
    )
  }

  /** What comes of each step of a call. */
  async tell({ name, steps }: Call, people = new People(name, this.foreign)): Promise<Outcome[]> {
    const told: Outcome[] = []
    for (const step of steps) told.push(await this.step(people, step))
    return told
  }

  private async step(people: People, step: string): Promise<Outcome> {
    this.bench.lines.length = 0
    const came: { port: number; text: string }[] = []
    let reply: unknown
    if (step.startsWith('wait ')) await this.pass(Number(step.slice(5)) * 1000, came)
    else {
      if (step.startsWith('rpc ')) reply = this.command(step.slice(4))
      else {
        const said = people.say(step)
        if (said !== null) this.bench.receive(said.text, said.port)
      }
      await this.pass(STEP_MS, came)
    }
    const marks = this.bench.lines.flatMap(({ text, source }) => {
      if (text.includes(MARK)) return [text.slice(text.indexOf(MARK) + MARK.length).trimEnd()]
      return source === 'acc' ? [text] : []
    })
    return outcome(people, step, marks, came, reply)
  }

  private async pass(milliseconds: number, came: { port: number; text: string }[]): Promise<void> {
    this.collect(came)
    for (let left = milliseconds; left > 0; left -= TICK_MS) {
      this.time.milliseconds += TICK_MS
      this.bench.core.timers.run()
      // What waits for something of ours has it by then.
      await Promise.resolve()
      this.collect(came)
    }
  }

  /** Takes what was sent; what is for the server itself comes back to it. */
  private collect(came: { port: number; text: string }[]): void {
    for (let sent = this.bench.sent.shift(); sent !== undefined; sent = this.bench.sent.shift()) {
      if (sent.to.port === SERVER_PORT) this.bench.receive(sent.text, SERVER_PORT)
      else came.push({ port: sent.to.port, text: sent.text })
    }
  }

  private command(text: string): unknown {
    const [method, ...params] = parseCommand(text)
    try {
      return maskReply({ result: this.result(method, params) })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { error: { code: error.code, message: error.message } }
    }
  }

  private result(method: string, params: (string | number)[]): unknown {
    const reply = this.bench.core.rpc.call(method, params, {
      transport: 'stream',
      strictness: { convert: false, skipWrongOptional: false },
      connection: null,
    })
    if (reply instanceof Promise) throw new Error(`${method} takes its time`)
    const { shape, value } = reply
    // Of several values Kamailio's JSON keeps the last one.
    return (shape.kind === 'several' ? (value as unknown[]).at(-1) : value) ?? {}
  }

  /** What goes into a database has arrived there. */
  async delivered(): Promise<void> {
    const waits = (): boolean => this.bench.core.spools.status().some(({ pending }) => pending > 0)
    while (waits()) await new Promise(later => setTimeout(later, 1))
  }

  stop(): Promise<void> {
    return this.bench.host.stop()
  }
}
