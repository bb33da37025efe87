// Debian's config with WITH_ACCDB on a MariaDB that a real Kamailio shares: the same call through
// each leaves the same row.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { AccountedLoad } from '../kit/accounted-load.ts'
import { MariadbServer } from '../kit/mariadb.ts'
import { serverForTest } from '../kit/server.ts'

/** The columns that the config adds. */
const EXTRA = ['src_user', 'src_domain', 'src_ip', 'dst_ouser', 'dst_user', 'dst_domain']

let mariadb: MariadbServer
let url = ''

beforeAll(async () => {
  mariadb = await MariadbServer.start()
  url = await mariadb.makeDatabase('kamailio')
  for (const name of ['standard', 'acc'])
    await mariadb.sql(readFileSync(`templates/db/mysql/${name}-create.sql`, 'utf8'), 'kamailio')
  for (const table of ['acc', 'missed_calls'])
    for (const column of EXTRA)
      await mariadb.sql(
        `ALTER TABLE ${table} ADD COLUMN ${column} VARCHAR(64) NOT NULL DEFAULT ''`,
        'kamailio',
      )
})

afterAll(() => mariadb.stop())

/** Calls that are taken, and calls that are missed. */
async function call(name: string, original: boolean): Promise<void> {
  const defines = ['WITH_MYSQL', 'WITH_ACCDB', `DBURL="${url}"`]
  const server = await serverForTest({ defines, original, transports: ['udp'] })
  for (const answer of ['200 OK', '486 Busy Here']) {
    const load = await AccountedLoad.open(server.port, `${name}-${answer.slice(0, 3)}`)
    onTestFinished(() => load.close())
    load.answer = answer
    // The config relays to its own users only.
    const user = `user${answer.slice(0, 3)}`
    const contact = [load.contact, '0', '1.0', '.', '0', '0', '4294967295']
    load.uri = `sip:${user}@${server.address}`
    await server.rpc('ul.add', 'location', user, ...contact)
    load.start(10)
    await expect.poll(() => load.answered.size + load.refused.size).toBeGreaterThan(0)
    load.pause()
  }
}

test('the same rows', async () => {
  await call('theirs', true)
  await call('ours', false)
  const rowsOf = async (name: string, table: string): Promise<string[]> => {
    const columns = ['method', 'to_tag', 'sip_code', 'sip_reason', ...EXTRA]
    const text = await mariadb.sql(
      `SELECT ${columns.join(', ')}, ABS(TIMESTAMPDIFF(SECOND, time, NOW())) < 60
        FROM ${table} WHERE callid LIKE '${name}-%-0' AND method = 'INVITE'`,
      'kamailio',
    )
    return text.split('\n').filter(line => line !== '')
  }
  const found = async (name: string) => [
    await rowsOf(name, 'acc'),
    await rowsOf(name, 'missed_calls'),
  ]
  await expect.poll(() => found('ours')).toEqual(await found('theirs'))
  const [[taken] = [], [missed] = []] = await found('ours')
  const who = 'alice\texample.org\t127.0.0.1\tbob\tbob\t127.0.0.1\t1'
  expect([taken, missed]).toEqual([
    `INVITE\tb\t200\tOK\t${who}`,
    `INVITE\tb\t486\tBusy Here\t${who}`,
  ])
})
