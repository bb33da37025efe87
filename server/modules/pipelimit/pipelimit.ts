/** The instance: pipes by their names. */
import type { Core } from '../../core/core.ts'
import { connected } from '../../core/db/connected.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { plPipes as table } from '../../core/db/tables/pipelimit.ts'
import type { Database } from '../../core/db/api.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import type { SipMessage } from '../../sip/message.ts'
import { UDP } from '../../sip/transport.ts'
import type { SlApi } from '../sl/api.ts'
import { algorithmNamed, FEEDBACK, LoadControl, NETWORK, NOP, Pipe } from './api.ts'
import type { needs, params } from './pipelimit.module.ts'
import { waitingBytes } from './waiting-bytes.ts'

/** There is no such pipe. */
const UNKNOWN = -2
/** A pipe without an algorithm lets all pass, and says so. */
const UNLIMITED = 2

export class PipeLimit {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly control = new LoadControl()
  readonly pipes = new Map<string, Pipe>()
  private readonly sl: SlApi

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.config = env.config
    this.core = env.core
    this.sl = env.apis.sl
  }

  async start(): Promise<void> {
    const { config, core } = this
    // Who names no database and loads no driver wants none.
    const unset = config.db_url === DEFAULT_DB_URL && !core.databases.knows(DEFAULT_DB_URL)
    if (config.db_url === '' || unset) return
    const db = await connected(core, config.db_url, 'pipelimit', [config.plp_table_name, table])
    const loaded = new LoadedTable(core, {
      module: 'pipelimit',
      name: config.plp_table_name,
      source: db.shownUrl,
      empty: new Map<string, Pipe>(),
      build: load => this.build(db, load),
    })
    await loaded.load('start')
    for (const [name, pipe] of loaded.current) this.pipes.set(name, pipe)
    this.setSetpoint()
  }

  private async build(db: Database, load: Loading): Promise<Map<string, Pipe>> {
    const { config } = this
    const columns = [config.plp_pipeid_column, config.plp_algorithm_column, config.plp_limit_column]
    const pipes = new Map<string, Pipe>()
    const select = { table: config.plp_table_name, columns, where: [] }
    for await (const [name, algorithm, limit] of load.rows(db, select)) {
      const number = algorithmNamed(String(algorithm).toUpperCase())
      if (number < 0) throw new BadValue(`unknown algorithm ${algorithm}`)
      pipes.set(String(name), new Pipe(number, Number(limit)))
    }
    return pipes
  }

  /** The load that FEEDBACK pipes want is one for all of them. */
  setSetpoint(): void {
    const pipe = [...this.pipes.values()].find(({ algorithm }) => algorithm === FEEDBACK)
    if (pipe !== undefined) this.control.setpoint = pipe.limit / 100
  }

  error(text: string): void {
    this.core.log.error('pipelimit', text)
  }

  check(name: string): Verdict {
    const pipe = this.pipes.get(name)
    if (pipe !== undefined) return this.push(name, pipe)
    this.error(`pipe not found [${name}]`)
    return UNKNOWN
  }

  /** Makes the pipe when it is not there; a limit above 0 is taken over. */
  checkLimit(name: string, algorithm: string, limit: number): Verdict {
    if (limit < 0) {
      this.error(`invalid limit value: ${limit}`)
      return -1
    }
    const known = this.pipes.get(name)
    if (known !== undefined) {
      if (limit > 0) known.limit = limit
      return this.push(name, known)
    }
    const number = algorithmNamed(algorithm.toUpperCase())
    if (number < 0) {
      this.error(`failed to add pipe [${name}]: unknown algorithm ${algorithm}`)
      return UNKNOWN
    }
    const pipe = new Pipe(number, limit)
    this.pipes.set(name, pipe)
    this.setSetpoint()
    return this.push(name, pipe)
  }

  private push(name: string, pipe: Pipe): Verdict {
    const passes = pipe.passes(this.control, pipe.limit)
    if (pipe.algorithm !== NOP) return passes ? 1 : -1
    this.error(`no algorithm defined for pipe ${name}`)
    return UNLIMITED
  }

  isActive(name: string): Verdict {
    if (this.pipes.has(name)) return 1
    this.error(`pipe does not exist [${name}]`)
    return -1
  }

  /** Answers 503, with Retry-After between these seconds unless they are 0. */
  drop(msg: SipMessage, least = 0, most = least): Verdict {
    const top = Math.max(least, most)
    if (top > 0) {
      const seconds = least + (this.core.random.uint32() % (top - least + 1))
      msg.replyLumps = [...(msg.replyLumps ?? []), `Retry-After: ${seconds}\r\n`]
    }
    return this.sl.sendReply(msg, this.config.reply_code, this.config.reply_reason)
  }

  /** An interval is over. */
  next(): void {
    const { config } = this
    const kinds = new Set([...this.pipes.values()].map(({ algorithm }) => algorithm))
    const fetch = config.load_fetch !== 0
    if (fetch && kinds.has(FEEDBACK)) this.control.measure()
    const waiting = fetch && kinds.has(NETWORK) ? this.waiting() : 0
    for (const [name, pipe] of this.pipes) {
      pipe.next(config.timer_interval, waiting)
      if (config.clean_unused > 0 && pipe.unused > config.clean_unused) this.pipes.delete(name)
    }
  }

  private waiting(): number {
    const sockets = this.core.sockets.list.filter(({ proto }) => proto === UDP)
    return waitingBytes(new Set(sockets.map(({ port }) => port)))
  }

  /** Those with an algorithm, in the order of Kamailio's table. */
  list(): [name: string, pipe: Pipe][] {
    const mask = (1 << this.config.hash_size) - 1
    const slot = (name: string): number => hashText(name.toLowerCase())
    return [...this.pipes]
      .filter(([, { algorithm }]) => algorithm !== NOP)
      .sort(([a], [b]) => (slot(a) & mask) - (slot(b) & mask) || slot(a) - slot(b))
  }
}
