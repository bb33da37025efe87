// Encrypted connections: whether they are, and whose certificates are taken.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../server/core/db/api.ts'
import { Bench } from '../../kit/bench.ts'
import { Authority } from '../../kit/certificates.ts'
import { MariadbServer } from '../../kit/mariadb.ts'
import { PostgresServer } from '../../kit/postgres.ts'

const authority = new Authority()
const other = new Authority('/CN=Another')
const pair = authority.sign('server', '/CN=127.0.0.1', 'IP:127.0.0.1,DNS:localhost')

afterAll(() => {
  authority.remove()
  other.remove()
})

async function opened(module: string, params: string[], url: string): Promise<Database> {
  const lines = params.map(param => `modparam("${module}", ${param})`)
  const { core } = await Bench.start(
    [`loadmodule "${module}.so"`, ...lines, 'request_route { exit; }', ''].join('\n'),
  )
  onTestFinished(() => core.databases.close())
  return core.databases.open(url, 'test')
}

describe('db_mysql', () => {
  let server: MariadbServer
  let url = ''
  beforeAll(async () => {
    server = await MariadbServer.start(pair)
    // The library compares names, not addresses.
    url = (await server.makeDatabase('tls')).replace('127.0.0.1', 'localhost')
  })
  afterAll(() => server.stop())

  const withMode = (mode: number, authorities = ''): Promise<Database> =>
    opened('db_mysql', [`"opt_ssl_mode", ${mode}`, `"opt_ssl_ca", "${authorities}"`], url)

  test.each([
    [0, '', false],
    [2, '', true],
    [3, '', true],
    [4, authority.certificate, true],
    [5, authority.certificate, true],
  ])('opt_ssl_mode %s', async (mode, authorities, encrypted) => {
    const db = await withMode(mode, authorities)
    const { rows } = await db.raw("SHOW STATUS LIKE 'Ssl_cipher'")
    expect(rows[0]![1] !== '').toBe(encrypted)
  })

  test('takes no certificate of somebody else', async () => {
    const db = await withMode(4, other.certificate)
    await expect(db.connect()).rejects.toMatchObject({ failure: 'unavailable' })
  })
})

describe('db_postgres', () => {
  let server: PostgresServer
  let url = ''
  beforeAll(async () => {
    server = await PostgresServer.start(pair)
    url = await server.makeDatabase('tls')
  })
  afterAll(() => server.stop())

  const withMode = (mode: string, authorities = authority.certificate): Promise<Database> =>
    opened(
      'db_postgres',
      [`"con_param", "sslmode=${mode}"`, `"con_param", "sslrootcert=${authorities}"`],
      url,
    )

  test.each([
    ['disable', false],
    ['require', true],
    ['verify-ca', true],
    ['verify-full', true],
  ])('sslmode=%s', async (mode, encrypted) => {
    const db = await withMode(mode)
    const { rows } = await db.raw('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    expect(rows).toEqual([[encrypted ? 1 : 0]])
  })

  test('takes no certificate of somebody else', async () => {
    const db = await withMode('verify-ca', other.certificate)
    await expect(db.connect()).rejects.toMatchObject({ failure: 'unavailable' })
  })
})
