/** `ohana.db.*` and `ohana.tables`: databases, and the tables that were loaded from them. */
import type { ohanaDb as contract } from '../../../rpc/contract/ohana_db.ts'
import type { Handlers } from '../module/index.ts'
import type { CommandEnvironment } from './environment.ts'

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

export const databaseHandlers: Handlers<CommandEnvironment, typeof contract> = {
  'ohana.db.status': ({ core }) =>
    core.databases.all().map(one => ({
      url: one.shownUrl,
      modules: [...one.users],
      available: one.available,
      reason: one.breaker.reason,
      opened: one.breaker.opened,
      connections: one.connections,
      under_way: one.underWay,
      statements: one.statements,
      errors: one.errors,
      deadlines: one.deadlines,
      refused: one.refused,
      last_error: one.lastError,
    })),
  'ohana.tables': ({ core }) =>
    core.databases.tables.all().map(table => ({
      module: table.module,
      table: table.name,
      source: table.source,
      rows: table.rows,
      generation: table.generation,
      hash: table.hash,
      loaded_at: seconds(table.loadedAt),
      loaded_by: table.loadedBy,
      last_error: table.lastError,
      last_error_at: seconds(table.lastErrorAt),
    })),
}
