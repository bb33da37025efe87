/** Core parameters: bounds around every database, whatever its driver. */
import { int } from './row.ts'

const since6 = true

export const db = {
  db_deadline: int(
    5000,
    'Milliseconds that a statement of a database may take before it counts as failed.',
    { since6, live: 'db.deadline', min: 1 },
  ),
  db_max_statements: int(
    10_000,
    'Statements that may be under way or wait for one database; more are refused.',
    { since6, live: 'db.max_statements', min: 1 },
  ),
  db_connections: int(8, 'Connections that a node keeps to one database server.', {
    since6,
    live: 'db.connections',
    min: 1,
  }),
  db_failures: int(
    3,
    'So many failures in a row, and statements are refused at once until the database answers.',
    { since6, live: 'db.failures', min: 1 },
  ),
  db_retry_interval: int(
    1000,
    'Milliseconds between two attempts to reach a database that does not answer.',
    { since6, live: 'db.retry_interval', min: 1 },
  ),
}
