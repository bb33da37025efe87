// registrar and usrloc on a database that does what the test says.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DbCapability } from '../../../../../server/core/db/api.ts'
import type { Usrloc } from '../../../../../server/modules/usrloc/usrloc.ts'
import { World } from '../registrar/registrar-world.ts'
import { ControlledDriver } from './controlled-database.ts'
import { databaseFile } from '../../../../kit/location-bench.ts'

type Values = Record<string, string | number>

export interface Registering {
  callId?: string
  cseq?: number
  user?: string
}

interface Starting {
  path?: string
  registrar?: Values
  /** What the database can do; all that SQLite can when left out. */
  can?: readonly DbCapability[]
}

export class DatabaseWorld {
  readonly world: World
  readonly driver: ControlledDriver
  readonly path: string
  private readonly file: DatabaseSync
  private cseq = 0

  private constructor(path: string, usrloc: Values, registrar: Values) {
    this.path = path
    this.driver = new ControlledDriver()
    this.world = new World(5060, { usrloc: { db_url: `sqlite:///${path}`, ...usrloc }, registrar })
    this.world.core.databases.add(this.driver)
    // What the circuit breaker does has tests of its own.
    Object.assign(this.world.core.params, { db_failures: 1000 })
    this.file = new DatabaseSync(path)
  }

  /** On a new database, or on one that is there. */
  static async start(
    usrloc: Values,
    { path = '', registrar = {}, can }: Starting = {},
  ): Promise<DatabaseWorld> {
    let file = path
    if (file === '') {
      const folder = mkdtempSync(join(tmpdir(), 'location-'))
      file = databaseFile(folder)
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    }
    const made = new DatabaseWorld(file, usrloc, registrar)
    if (can !== undefined) made.driver.can = new Set(can)
    await made.world.start()
    onTestFinished(() => made.stop())
    return made
  }

  get usrloc(): Usrloc {
    return this.world.usrloc as Usrloc
  }

  /** save() of a REGISTER; when it is done its code, and its reply is among `replies`. */
  async register(contact: string, o: Registering = {}): Promise<number> {
    const { callId = 'c', cseq = ++this.cseq, user = 'bob' } = o
    const lines = [
      'REGISTER sip:example.org SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:27170;branch=z9hG4bK${this.cseq}`,
      `From: <sip:${user}@example.org>;tag=1`,
      `To: <sip:${user}@example.org>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: ${contact}`,
    ]
    const msg = this.world.message(`${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`)
    return await this.world.verdict(msg, 'save', 'location')
  }

  /** lookup() of somebody: the URI it gives, or its code. */
  async lookup(user: string): Promise<string | number> {
    const lines = `INVITE sip:${user}@example.org SIP/2.0\r\nCall-ID: i\r\nCSeq: 1 INVITE\r\n\r\n`
    const msg = this.world.message(lines)
    const code = await this.world.verdict(msg, 'lookup', 'location')
    return code > 0 ? msg.uri : code
  }

  get replies(): string[] {
    return this.world.replies.sent.map(([first = '']) => first.slice(8))
  }

  /** Contacts in the table as another program sees it. */
  rows(column = 'contact'): unknown[] {
    const rows = this.file.prepare(`SELECT ${column} AS value FROM location ORDER BY id`).all()
    return rows.map(row => row.value)
  }

  sql(statement: string): void {
    this.file.exec(statement)
  }

  /** Lets promises and the thread of SQLite go on until this is so. */
  async until(holds: () => boolean): Promise<void> {
    for (let i = 0; i < 20_000 && !holds(); i++) await new Promise(later => setTimeout(later, 1))
    if (!holds()) throw new Error('it did not come to that')
  }

  /** The same, and seconds pass meanwhile: a batch that failed is tried again only then. */
  async passUntil(holds: () => boolean): Promise<void> {
    for (let i = 0; i < 100 && !holds(); i++) {
      this.world.pass(1)
      for (let k = 0; k < 50 && !holds(); k++) await new Promise(later => setTimeout(later, 1))
    }
    if (!holds()) throw new Error('it did not come to that')
  }

  async stop(): Promise<void> {
    this.driver.failure = null
    this.driver.go()
    await this.world.stop()
    await this.world.core.databases.close()
    if (this.file.isOpen) this.file.close()
  }
}
