// The long form of test/sim/registrations.test.ts: the node killed at many random moments, the
// database taken away for long, with SQLite and with MariaDB.
import { MariadbServer } from '../kit/mariadb.ts'
import { type Ground, mariadbGround, runFaults, sqliteGround } from '../kit/registration-faults.ts'

const [kills = 50, outages = 3, outageMs = 60_000, seed = 1] = process.argv.slice(2).map(Number)

async function play(name: string, ground: Ground): Promise<boolean> {
  const plan = { users: 200, kills, outages, outageMs, seed }
  const { wrong, accepted, refused, unheard } = await runFaults(ground, plan)
  await ground.close()
  const numbers = `${accepted} accepted, ${refused} refused, ${unheard} not answered`
  console.log(`${name}: ${kills} kills, ${outages} outages of ${outageMs} ms: ${numbers}`)
  for (const text of wrong) console.log(`  ${text}`)
  return wrong.length === 0
}

const sqlite = await play('SQLite', sqliteGround())
const server = await MariadbServer.start()
const mariadb = await play('MariaDB', await mariadbGround(server, 'registrations'))
await server.stop()
process.exit(sqlite && mariadb ? 0 : 1)
