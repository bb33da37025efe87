// The records of topos in databases with connections, where statements have no order of their own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTable, type SqlEngine } from '../../../server/core/db/schema.ts'
import { version } from '../../../server/core/db/tables/standard.ts'
import { toposD, toposT } from '../../../server/core/db/tables/topos.ts'
import { emptyRecord } from '../../../server/modules/topos/data.ts'
import { DatabaseStorage } from '../../../server/modules/topos/database.ts'
import { Bench } from '../../kit/bench.ts'
import { MariadbServer } from '../../kit/mariadb.ts'
import { PostgresServer } from '../../kit/postgres.ts'

const START = Date.UTC(2026, 0, 1)

class Watch {
  milliseconds = START
  now(): number {
    return this.milliseconds
  }
  monotonic(): number {
    return this.milliseconds - START
  }
}

const record = (more: object) => ({
  ...emptyRecord(),
  a_uuid: 'atpsh-1',
  b_uuid: 'btpsh-1',
  ...more,
})

describe.each([
  ['mysql', () => MariadbServer.start()],
  ['postgres', () => PostgresServer.start()],
] as const)('topos in %s', (engine: SqlEngine, start) => {
  let server: MariadbServer | PostgresServer
  let bench: Bench
  let storage: DatabaseStorage
  const clock = new Watch()

  beforeAll(async () => {
    server = await start()
    const url = await server.makeDatabase('topology')
    const tables = [version, toposD, toposT].flatMap(table => createTable(engine, table))
    await server.sql(tables.join('\n'), 'topology')
    bench = await Bench.start(`loadmodule "db_${engine}.so"\nrequest_route { exit; }\n`)
    const { databases, log } = bench.core
    const limits = { branchExpire: 180, dialogExpire: 10_800 }
    storage = new DatabaseStorage({ databases, log, clock }, { url, checkVersion: true, limits })
    await storage.start()
  })

  afterAll(async () => {
    await storage.stop()
    await bench.core.databases.close()
    await server.stop()
  })

  test('what is written is read, with all changes in their order', async () => {
    const dialog = record({ a_contact: 'sip:\xc3\xa4@h', iflags: 2 })
    storage.insertDialog(dialog, 0)
    for (const b_tag of ['x', 'y', 'z']) storage.updateDialog('btpsh-1', { b_tag })
    expect(await storage.loadDialog('btpsh-1')).toEqual({ ...dialog, b_tag: 'z' })
    expect(await storage.loadDialog('atpsh-2')).toBeNull()
  })

  test('an INVITE is found by Call-ID, To tag and dialog', async () => {
    const branch = record({ x_vbranch: 'z1', a_callid: 'c', s_method: 'INVITE' })
    storage.insertBranch(branch)
    expect(await storage.loadInvite('c', 't', 'atpsh-1')).toBeNull()
    storage.updateBranch(branch, { b_tag: 't' })
    expect(await storage.loadInvite('c', 't', 'btpsh-1')).toEqual({ ...branch, b_tag: 't' })
    expect((await storage.loadBranch('z1'))?.b_tag).toBe('t')
  })

  test('records go when their time is over', async () => {
    storage.endDialog('atpsh-1')
    clock.milliseconds += 170_000
    storage.clean()
    expect(await storage.loadDialog('atpsh-1')).not.toBeNull()
    clock.milliseconds += 11_000
    storage.clean()
    expect(await storage.loadDialog('atpsh-1')).toBeNull()
    expect(await storage.loadBranch('z1')).toBeNull()
  })
})
