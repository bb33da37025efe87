import { expect, onTestFinished, test } from 'vitest'
import { Bench } from '../../kit/bench.ts'
import { MariadbServer } from '../../kit/mariadb.ts'
import { restarts, unreachable } from './restart.ts'
import { createStatement, SQL_CAN, mysqlTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'

let server: MariadbServer

databaseSuite({
  module: 'db_mysql',
  can: [...SQL_CAN, 'last_id'],
  traits: ALL_TRAITS,
  start: async tables => {
    server = await MariadbServer.start()
    const url = await server.makeDatabase('suite')
    const statements = tables.map(table => `${createStatement(table, mysqlTypes)};`)
    await server.sql(statements.join('\n'), 'suite')
    return url
  },
  stop: () => server.stop(),
})

restarts('db_mysql', () => MariadbServer.start())
unreachable('db_mysql')

test('driver_errors counts what the server does not answer, not what it refuses', async () => {
  const { core } = await Bench.start('loadmodule "db_mysql.so"\nrequest_route { exit; }\n')
  const errors = core.counters.find('mysql', 'driver_errors')!
  const db = core.databases.open('mysql://k:k@127.0.0.1:1/k', 'test')
  await expect(db.raw('SELEC 1')).rejects.toMatchObject({ failure: 'unavailable' })
  expect(errors.current()).toBe(1)
  await core.databases.close()
})

test('a server is reached by its socket, and says whom it does not let in', async () => {
  const own = await MariadbServer.start()
  onTestFinished(() => own.stop())
  const { core } = await Bench.start('loadmodule "db_mysql.so"\nrequest_route { exit; }\n')
  const by = `mysql://root@localhost/mysql?socket=${own.socket}`
  expect((await core.databases.open(by, 'test').raw('SELECT database()')).rows).toEqual([['mysql']])
  const wrong = core.databases.open(own.url('k').replace(/:[^/]*@/, ':wrong@'), 'test')
  await expect(wrong.connect()).rejects.toMatchObject({
    failure: 'unavailable',
    message: expect.stringMatching(/^Access denied for user 'kamailio'@/),
  })
  await core.databases.close()

  for (const [mode, told] of [
    [2, /^$/],
    [3, /Server does not support secure connection/],
  ] as const) {
    const config = `loadmodule "db_mysql.so"\nmodparam("db_mysql", "opt_ssl_mode", ${mode})\n`
    const { databases } = (await Bench.start(`${config}request_route { exit; }\n`)).core
    const said = await databases
      .open(by, 'test')
      .connect()
      .then(() => '', String)
    expect(said).toMatch(told)
    await databases.close()
  }
})
