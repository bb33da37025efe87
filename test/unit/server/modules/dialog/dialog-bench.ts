// A node with the cases of test/compat/dialog-rpc, without a network.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { resolve } from 'node:path'
import type { Clock } from '../../../../../server/lib/clock.ts'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { type Case, configOf, fill, type Row } from '../../../../compat/dialog-rpc/cases.ts'
import { hasCome, type Place } from '../../../../compat/dialog-rpc/play.ts'
import { Bench } from '../../../../kit/bench.ts'

export function makeTables(path: string, one: Pick<Case, 'stored' | 'variables'> = {}): void {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode=WAL')
  for (const file of ['standard-create.sql', 'dialog-create.sql'])
    db.exec(readFileSync(resolve('templates/db/sqlite', file), 'utf8'))
  fill(db, one)
  db.close()
}

export const othersFirst = (): Promise<void> => new Promise(later => setImmediate(later))

/** Waits until something is so. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come')
    await othersFirst()
  }
}

export interface DialogNode extends Place {
  readonly bench: Bench
  /** A step is over when its rows are written, as in Kamailio. */
  writesFirst: boolean
  stop(): Promise<void>
}

export function rowsIn(path: string, table: string): Row[] {
  const db = new DatabaseSync(path, { timeout: 5000 })
  const rows = db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as Row[]
  db.close()
  return rows
}

export async function dialogNode(one: Case, path: string, clock?: Clock): Promise<DialogNode> {
  // Nobody asks by a FIFO here.
  const config = configOf(one, `sqlite:///${path}`).replace(/"transport", 0/, '"transport", 1')
  const bench = await Bench.start(config, clock)
  const got = (port: number): string[] =>
    bench.sent.filter(({ to }) => to.port === port).map(({ text }) => text)
  const node: DialogNode = {
    bench,
    writesFirst: true,
    got,
    send: async (port, text, awaited) => {
      const before = got(awaited.port).length
      bench.receive(text, port)
      await until(() => hasCome(got(awaited.port).slice(before), awaited))
      if (node.writesFirst) await written(bench)
    },
    rows: async table => {
      await written(bench)
      return rowsIn(path, table)
    },
    stop: async () => {
      await bench.host.stop()
      await bench.core.databases.close()
    },
  }
  return node
}

/** Waits until nothing is left to be written. */
async function written(bench: Bench): Promise<void> {
  const { store } = bench.host.instance('dialog') as Dialogs
  await othersFirst()
  await until(() => store === null || store.waiting === 0)
  await Promise.all(bench.core.databases.all().map(one => one.raw('SELECT 1')))
}
