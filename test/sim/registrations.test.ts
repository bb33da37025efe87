// No accepted REGISTER is lost or doubled, whatever ends when: the short form of
// `npm run soak -- registrations`.
import { expect, onTestFinished, test } from 'vitest'
import { MariadbServer } from '../kit/mariadb.ts'
import { type Ground, serverGround, runFaults, sqliteGround } from '../kit/registration-faults.ts'

const PLAN = { users: 60, kills: 3, outages: 1, outageMs: 1500 }

async function play(ground: Ground, seed: number): Promise<void> {
  onTestFinished(() => ground.close())
  const { wrong, accepted, refused, unheard } = await runFaults(ground, { ...PLAN, seed })
  expect(wrong).toEqual([])
  expect(accepted).toBeGreaterThan(PLAN.users)
  // The faults did something.
  expect(refused + unheard).toBeGreaterThan(0)
}

test('with SQLite, whose file another program locks', () => play(sqliteGround(), 1))

test('with MariaDB, which is killed itself', async () => {
  const server = await MariadbServer.start()
  onTestFinished(() => server.stop())
  await play(await serverGround(server, 'registrations'), 2)
})
