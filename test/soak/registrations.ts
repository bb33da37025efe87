// The long form of test/sim/registrations.test.ts: the node killed at many random moments, the
// database taken away for long, with SQLite, MariaDB and PostgreSQL.
import { MariadbServer } from '../kit/mariadb.ts'
import { PostgresServer } from '../kit/postgres.ts'
import { type Ground, serverGround, runFaults, sqliteGround } from '../kit/registration-faults.ts'

const [kills = 50, outages = 3, outageMs = 60_000, seed = 1] = process.argv.slice(2).map(Number)

/** For what has nothing to do with the database, while it is away. */
const GOAL_MS = 50

async function play(name: string, ground: Ground): Promise<boolean> {
  const plan = { users: 200, kills, outages, outageMs, seed }
  const { wrong, accepted, refused, unheard, p99 } = await runFaults(ground, plan)
  await ground.close()
  const numbers = `${accepted} accepted, ${refused} refused, ${unheard} not answered`
  console.log(`${name}: ${kills} kills, ${outages} outages of ${outageMs} ms: ${numbers}`)
  console.log(`  OPTIONS meanwhile: 99 of 100 within ${p99.toFixed(1)} ms, goal ${GOAL_MS}`)
  for (const text of wrong) console.log(`  ${text}`)
  return wrong.length === 0 && p99 < GOAL_MS
}

const sqlite = await play('SQLite', sqliteGround())
const server = await MariadbServer.start()
const mariadb = await play('MariaDB', await serverGround(server, 'registrations'))
await server.stop()
const other = await PostgresServer.start()
const postgres = await play('PostgreSQL', await serverGround(other, 'registrations'))
await other.stop()
process.exit(sqlite && mariadb && postgres ? 0 : 1)
