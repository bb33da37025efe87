import { MariadbServer } from '../../kit/mariadb.ts'
import { restarts, unreachable } from './restart.ts'
import { createStatement, mysqlTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'

let server: MariadbServer

databaseSuite({
  module: 'db_mysql',
  can: [
    'query',
    'raw',
    'insert',
    'delete',
    'update',
    'replace',
    'insert_update',
    'fetch',
    'last_id',
    'affected_rows',
    'transactions',
  ],
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
