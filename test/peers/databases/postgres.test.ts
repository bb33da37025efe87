import { PostgresServer } from '../../kit/postgres.ts'
import { restarts, unreachable } from './restart.ts'
import { createStatement, SQL_CAN, postgresTypes } from './sql-tables.ts'
import { ALL_TRAITS } from './stage.ts'
import { databaseSuite } from './suite.ts'

let server: PostgresServer

databaseSuite({
  module: 'db_postgres',
  can: SQL_CAN,
  traits: ALL_TRAITS,
  start: async tables => {
    server = await PostgresServer.start()
    const url = await server.makeDatabase('suite')
    const statements = tables.map(table => `${createStatement(table, postgresTypes)};`)
    await server.sql(statements.join('\n'), 'suite')
    return url
  },
  stop: () => server.stop(),
})

restarts('db_postgres', () => PostgresServer.start())
unreachable('db_postgres')
