// Accounting in each database server, killed and away under load: the short form of
// test/soak/acc.ts.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AccountedLoad, type AccountedRow } from '../kit/accounted-load.ts'
import { AccountingNode, inDatabase } from '../kit/accounting-node.ts'
import { MariadbServer } from '../kit/mariadb.ts'
import { PostgresServer } from '../kit/postgres.ts'

const SERVERS = [
  { driver: 'db_mysql', engine: 'mysql', start: () => MariadbServer.start() },
  { driver: 'db_postgres', engine: 'postgres', start: () => PostgresServer.start() },
]

describe.for(SERVERS)('$driver', ({ driver, engine, start }) => {
  test('loses and doubles nothing', { timeout: 90_000 }, async () => {
    const server = await start()
    onTestFinished(() => server.stop())
    const url = await server.makeDatabase('kamailio')
    for (const name of ['standard', 'acc']) {
      const schema = readFileSync(`templates/db/${engine}/${name}-create.sql`, 'utf8')
      await server.sql(schema, 'kamailio')
    }
    const node = await AccountingNode.start(inDatabase(driver, url), 'db_deadline=500')
    onTestFinished(() => node.stop())
    const load = await AccountedLoad.open(node.port)
    onTestFinished(() => load.close())
    const rows = async (): Promise<AccountedRow[]> => {
      const text = await server.sql("SELECT CONCAT(method, ' ', callid) FROM acc", 'kamailio')
      return text
        .split('\n')
        .filter(line => line !== '')
        .map(line => ({ method: line.split(' ')[0]!, callid: line.split(' ')[1]! }))
    }
    load.start(100)
    await pause(500)
    await node.kill()
    await node.start()
    await pause(300)
    await server.pause()
    await pause(1000)
    await node.kill()
    await node.start()
    await pause(500)
    await server.start()
    await pause(500)
    load.pause()
    await expect
      .poll(async () => load.judge(await rows()), { timeout: 20_000, interval: 200 })
      .toEqual({ lost: [], doubled: [] })
    expect(load.answered.size).toBeGreaterThan(100)
  })
})
