// A node in write-through mode under load, killed at random moments, and its database taken away:
// no accepted REGISTER is lost or doubled. A short form is in the default run, a long one is a
// command.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { databaseFile } from './location-bench.ts'
import { MariadbServer } from './mariadb.ts'
import { type LocationRow, RegistrationLoad } from './registration-load.ts'
import { Pings } from './pings.ts'
import { freePort } from './ports.ts'
import type { PostgresServer } from './postgres.ts'
import { type SipServer, startServer } from './server.ts'

/** The database of the node. */
export interface Ground {
  readonly module: string
  readonly url: string
  rows(): Promise<LocationRow[]>
  /** Takes it away, and gives it back. */
  takeAway(): Promise<void>
  giveBack(): Promise<void>
  close(): Promise<void>
}

const config = ({ module, url }: Ground, mode: number): string => `#!KAMAILIO
children=1
db_deadline=1000
db_retry_interval=200
${[module, 'kex', 'ctl', 'tm', 'sl', 'pv', 'usrloc', 'registrar']
  .map(name => `loadmodule "${name}.so"`)
  .join('\n')}
modparam("usrloc", "db_url", "${url}")
modparam("usrloc", "db_mode", ${mode})
modparam("usrloc", "timer_interval", 1)
request_route {
  if ($rm == "REGISTER") { save("location"); exit; }
  sl_send_reply("200", "OK");
}
`

/** A file that another program locks. */
export function sqliteGround(): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'registrations-'))
  const path = databaseFile(folder)
  const file = new DatabaseSync(path, { timeout: 5000 })
  return {
    module: 'db_sqlite',
    url: `sqlite:///${path}`,
    rows: () => {
      const rows = file.prepare('SELECT username, contact, cseq FROM location').all()
      return Promise.resolve(
        rows.map(row => ({
          user: String(row.username),
          contact: String(row.contact),
          cseq: Number(row.cseq),
        })),
      )
    },
    takeAway: () => Promise.resolve(file.exec('BEGIN EXCLUSIVE')),
    giveBack: () => Promise.resolve(file.exec('ROLLBACK')),
    close: () => {
      file.close()
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  }
}

/** A server that is killed. */
export async function serverGround(
  server: MariadbServer | PostgresServer,
  name: string,
): Promise<Ground> {
  const kind = server instanceof MariadbServer ? 'mysql' : 'postgres'
  const url = await server.makeDatabase(name)
  for (const file of ['standard-create.sql', 'usrloc-create.sql'])
    await server.sql(readFileSync(join('templates/db', kind, file), 'utf8'), name)
  return {
    module: `db_${kind}`,
    url,
    rows: async () => {
      const text = await server.sql('SELECT username, contact, cseq FROM location', name)
      const lines = text.split('\n').filter(line => line !== '')
      return lines.map(line => {
        const [user = '', contact = '', cseq = ''] = line.split(/[|\t]/)
        return { user, contact, cseq: Number(cseq) }
      })
    },
    takeAway: () => server.pause('SIGKILL'),
    giveBack: () => server.start(),
    close: () => Promise.resolve(),
  }
}

export interface FaultPlan {
  readonly users: number
  readonly seed: number
  /** How often the node is killed. */
  readonly kills: number
  /** How often the database is taken away, and for how long. */
  readonly outages: number
  readonly outageMs: number
}

export interface FaultReport {
  readonly wrong: readonly string[]
  readonly accepted: number
  readonly refused: number
  readonly unheard: number
  /** Milliseconds within which 99 of 100 OPTIONS were answered while the database was away. */
  readonly p99: number
}

/** Carries the plan out on a database; everything that should not be is in `wrong`. */
export async function runFaults(ground: Ground, plan: FaultPlan): Promise<FaultReport> {
  const load = await RegistrationLoad.open(plan.users, plan.seed)
  const pings = await Pings.open()
  const run = new FaultRun({ ground, plan, load, pings, port: await freePort() })
  try {
    await run.kills()
    await run.outages()
  } finally {
    await run.end()
    load.close()
    pings.close()
  }
  const { accepted, refused, unheard } = load
  return { wrong: run.wrong, accepted, refused, unheard, p99: pings.percentile(99) }
}

class FaultRun {
  readonly wrong: string[] = []
  private readonly ground: Ground
  private readonly plan: FaultPlan
  private readonly load: RegistrationLoad
  private readonly port: number
  private readonly pings: Pings
  private node: SipServer | null = null

  constructor(o: {
    ground: Ground
    plan: FaultPlan
    load: RegistrationLoad
    pings: Pings
    port: number
  }) {
    this.ground = o.ground
    this.plan = o.plan
    this.load = o.load
    this.pings = o.pings
    this.port = o.port
  }

  private async start(): Promise<void> {
    const text = config(this.ground, 1)
    this.node = await startServer({ config: text, port: this.port, transports: ['udp'] })
  }

  async end(): Promise<void> {
    await this.node?.stop()
    this.node = null
  }

  private note(when: string, wrong: readonly string[]): void {
    this.wrong.push(...wrong.map(text => `${when}: ${text}`))
  }

  private async work(milliseconds: number): Promise<void> {
    const until = Date.now() + milliseconds
    while (Date.now() < until) {
      this.load.tend()
      await pause(Math.min(50, Math.max(1, until - Date.now())))
    }
  }

  /** SIGKILL at a random moment; what was accepted is in the table, and in memory afterwards. */
  async kills(): Promise<void> {
    const { load, plan, ground } = this
    for (let kill = 1; kill <= plan.kills; kill++) {
      await this.start()
      await this.compareMemory(`start ${kill}`)
      load.begin(this.port)
      await this.work(50 + load.below(400))
      await this.node!.child.stop('SIGKILL')
      load.halt()
      // The database may still be at what the node had given it.
      await pause(100)
      this.note(`kill ${kill}`, load.check(await ground.rows(), false))
    }
  }

  private async compareMemory(when: string): Promise<void> {
    const rows = (await this.ground.rows()).length
    const text = await this.node!.rpc('stats.get_statistics', 'usrloc:')
    const memory = Number(/location_contacts = (\d+)/.exec(text)?.[1])
    if (memory !== rows) this.wrong.push(`${when}: ${memory} in memory, ${rows} rows`)
  }

  /** The database goes and comes back under load; what was refused leaves no trace. */
  async outages(): Promise<void> {
    const { load, plan, ground } = this
    if (plan.outages === 0) return
    await this.end()
    await this.start()
    for (let outage = 1; outage <= plan.outages; outage++) {
      load.begin(this.port)
      await this.work(300)
      await ground.takeAway()
      this.pings.begin(this.port)
      await this.work(plan.outageMs)
      this.pings.halt()
      await ground.giveBack()
      await this.work(500)
      await load.calm()
      this.note(`outage ${outage}`, await this.settled())
      await this.compareMemory(`outage ${outage}`)
    }
  }

  /** The rows follow what was accepted as soon as they can. */
  private async settled(): Promise<string[]> {
    const until = Date.now() + 15_000
    let rows = await this.ground.rows()
    while (this.load.differences(rows, true).length > 0 && Date.now() < until) {
      await pause(200)
      rows = await this.ground.rows()
    }
    return this.load.check(rows, true)
  }
}
