// Debian's kamailio.cfg with its switches on, unmodified, on a real MariaDB; with PostgreSQL and
// SQLite by a kamailio-local.cfg that only says where the database is and loads its driver.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Account, AccountPhone } from '../kit/account-phone.ts'
import { baresip } from '../kit/baresip.ts'
import { Authority } from '../kit/certificates.ts'
import {
  kamctl,
  kamdbctl,
  mariadbSettings,
  postgresSettings,
  type Settings,
  sqliteSettings,
} from '../kit/database-tools.ts'
import { MariadbServer } from '../kit/mariadb.ts'
import { PostgresServer } from '../kit/postgres.ts'
import { freePort } from '../kit/ports.ts'
import { DEFAULT_CONFIG, type SipServer, startServer } from '../kit/server.ts'

/**
 * The nodes' own address: with port 5060 it is all that a user need know of them. Another run of
 * the tests on this machine has another one.
 */
const HOST = `127.5.${(process.pid >> 8) & 255}.${process.pid & 255}`

/** Columns that the config tells to add to the tables of accounting. */
const EXTRA = ['src_user', 'src_domain', 'src_ip', 'dst_ouser', 'dst_user', 'dst_domain']

interface Engine {
  readonly name: string
  readonly driver: string
  readonly settings: Settings
  readonly url: string
  /** As the owner of the tables. */
  alter(statement: string): Promise<unknown>
  stop(): Promise<void>
}

const folder = mkdtempSync(join(tmpdir(), 'ohana-switches-'))
afterAll(() => {
  authority?.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function mariadb(): Promise<Engine> {
  const server = await MariadbServer.start()
  const settings = mariadbSettings(server, 'kamailio')
  const url = `mysql://ksr:ksr-secret@127.0.0.1:${server.port}/kamailio`
  const alter = (statement: string): Promise<string> => server.sql(statement, 'kamailio')
  return { name: 'MariaDB', driver: 'db_mysql', settings, url, alter, stop: () => server.stop() }
}

async function postgres(): Promise<Engine> {
  const server = await PostgresServer.start()
  const settings = postgresSettings(server, 'kamailio')
  const url = `postgres://ksr:ksr-secret@127.0.0.1:${server.port}/kamailio`
  const alter = (statement: string): Promise<string> => server.sql(statement, 'kamailio')
  const stop = (): Promise<void> => server.stop()
  return { name: 'PostgreSQL', driver: 'db_postgres', settings, url, alter, stop }
}

async function sqlite(): Promise<Engine> {
  const path = join(folder, 'kamailio.sqlite')
  const url = `sqlite:///${path}`
  const settings = sqliteSettings(path)
  const alter = async (statement: string): Promise<void> => {
    const file = new DatabaseSync(path)
    file.exec(statement)
    file.close()
  }
  const stop = (): Promise<void> => Promise.resolve()
  return { name: 'SQLite', driver: 'db_sqlite', settings, url, alter, stop }
}

/** Makes the database as the config wants it, with what all tests share in it. */
async function fill(engine: Engine): Promise<void> {
  await tool(kamdbctl(engine.settings, ['create']))
  for (const table of ['acc', 'missed_calls'])
    for (const column of EXTRA)
      await engine.alter(
        `ALTER TABLE ${table} ADD COLUMN ${column} VARCHAR(128) DEFAULT '' NOT NULL`,
      )
  for (const user of [`alice@${HOST}`, `bob@${HOST}`, 'carol@example.test'])
    await tool(ctl(engine, 'add', user, 'secret'))
  await tool(ctl(engine, 'address', 'add', '1', '127.0.0.2', '32', '0', 'trusted'))
  await tool(ctl(engine, 'domain', 'add', 'example.test'))
  await tool(ctl(engine, 'alias_db', 'add', `al@${HOST}`, `bob@${HOST}`))
  const dial = `('alice', '${HOST}', '55', '${HOST}', 'sip:bob@${HOST}')`
  await tool(
    exec(
      engine,
      `INSERT INTO speed_dial (username, domain, sd_username, sd_domain, new_uri) VALUES ${dial}`,
    ),
  )
}

const ctl = (engine: Engine, ...words: string[]) =>
  kamctl({ ...engine.settings, SIP_DOMAIN: HOST }, words)
const exec = (engine: Engine, statement: string) => ctl(engine, 'db', 'exec', statement)

async function tool(running: Promise<{ code: number; output: string }>): Promise<string> {
  const { code, output } = await running
  if (code !== 0) throw new Error(output)
  return output
}

/** The rows that a statement finds, as the tool prints them. */
const rows = (engine: Engine, statement: string): Promise<string> =>
  tool(ctl(engine, 'db', 'roexec', statement))

let number = 0
let authority: Authority | null = null

/** A folder with the config as Debian ships it, and a tls.cfg whose certificates are there. */
function home(local: string): string {
  const path = join(folder, `node-${++number}`)
  mkdirSync(path)
  copyFileSync(DEFAULT_CONFIG, join(path, 'kamailio.cfg'))
  authority ??= new Authority()
  const { key, certificate } = authority.sign(`node-${number}`, '/CN=node', `IP:${HOST}`)
  const tls = ['[server:default]', `private_key = ${key}`, `certificate = ${certificate}`]
  writeFileSync(join(path, 'tls.cfg'), [...tls, '[client:default]', ''].join('\n'))
  // Debian's tls.cfg names certificates that an operator has to make.
  const where = `#!subst "#/etc/kamailio/tls.cfg#${path}/tls.cfg#"\n`
  writeFileSync(join(path, 'kamailio-local.cfg'), where + local)
  return join(path, 'kamailio.cfg')
}

async function nodeForTest(config: string, switches: string[], args: string[] = []) {
  const defines = switches.map(name => `WITH_${name}`)
  const server = await startServer({ config, defines, args, host: HOST, port: 5060 })
  onTestFinished(async () => void (await server.stop()))
  return server
}

/** The config does the rest with WITH_MYSQL; other drivers are loaded beside the URL. */
function node(engine: Engine, ...switches: string[]): Promise<SipServer> {
  const mysql = engine.driver === 'db_mysql'
  const driver = mysql ? '' : `loadmodule "${engine.driver}.so"\n`
  const config = home(`#!define DBURL "${engine.url}"\n${driver}`)
  return nodeForTest(config, mysql ? ['MYSQL', ...switches] : switches)
}

async function phone(account: Account, server: SipServer): Promise<AccountPhone> {
  const opened = await AccountPhone.open(account, server)
  onTestFinished(() => opened.close())
  return opened
}

const ALICE = { user: 'alice', password: 'secret' }
const BOB = { user: 'bob', password: 'secret' }

/** Bob is registered, and answers the call that comes. */
async function callTo(
  server: SipServer,
  caller: AccountPhone,
  callee: AccountPhone,
  uri: string,
): Promise<{ status: number; uri: string }> {
  const [reply, request] = await Promise.all([
    caller.ask('INVITE', uri),
    callee.answer('INVITE', '200 OK'),
  ])
  expect(server.child.code).toBeNull()
  return { status: reply.status, uri: request.uri }
}

const at = (user: string, server: SipServer): string => `sip:${user}@${server.host}`

/** The tests of one engine. Those that need no database run with the first one only. */
const cases: Record<string, (engine: Engine) => Promise<void>> = {
  async AUTH(engine) {
    const server = await node(engine, 'AUTH')
    const stranger = await phone({ user: 'alice' }, server)
    expect((await stranger.register()).status).toBe(401)
    const wrong = await phone({ user: 'alice', password: 'guess' }, server)
    expect((await wrong.register()).status).toBe(401)
    const alice = await phone(ALICE, server)
    const bob = await phone(BOB, server)
    expect((await alice.register()).status).toBe(200)
    expect((await bob.register()).status).toBe(200)
    expect((await stranger.ask('INVITE', at('bob', server))).status).toBe(407)
    const [reply, request] = await Promise.all([
      alice.ask('INVITE', at('bob', server)),
      bob.answer('INVITE', '200 OK'),
    ])
    expect(reply.status).toBe(200)
    // What alice proved is nobody else's business.
    expect(request.header('Proxy-Authorization')).toBe('')
  },

  async IPAUTH(engine) {
    const server = await node(engine, 'AUTH', 'IPAUTH')
    const bob = await phone(BOB, server)
    await bob.register()
    const trusted = await phone({ user: 'alice', host: '127.0.0.2' }, server)
    expect(await callTo(server, trusted, bob, at('bob', server))).toMatchObject({ status: 200 })
    const other = await phone({ user: 'alice', host: '127.0.0.3' }, server)
    expect((await other.ask('INVITE', at('bob', server))).status).toBe(407)
  },

  async USRLOCDB(engine) {
    const first = await node(engine, 'USRLOCDB')
    const bob = await phone(BOB, first)
    expect((await bob.register()).status).toBe(200)
    await first.stop()
    expect(await rows(engine, 'SELECT contact FROM location')).toContain(bob.phone.address)
    const second = await node(engine, 'USRLOCDB')
    const alice = await phone(ALICE, second)
    expect(await callTo(second, alice, bob, at('bob', second))).toMatchObject({ status: 200 })
  },

  async ALIASDB(engine) {
    const server = await node(engine, 'ALIASDB')
    const bob = await phone(BOB, server)
    await bob.register()
    const alice = await phone(ALICE, server)
    expect(await callTo(server, alice, bob, at('al', server))).toMatchObject({ status: 200 })
    expect((await alice.ask('INVITE', at('nobody', server))).status).toBe(404)
  },

  async SPEEDDIAL(engine) {
    const server = await node(engine, 'SPEEDDIAL')
    const bob = await phone(BOB, server)
    await bob.register()
    const alice = await phone(ALICE, server)
    expect(await callTo(server, alice, bob, at('55', server))).toMatchObject({ status: 200 })
    expect((await alice.ask('INVITE', at('56', server))).status).toBe(404)
  },

  async MULTIDOMAIN(engine) {
    const server = await node(engine, 'AUTH', 'MULTIDOMAIN')
    const carol = await phone({ user: 'carol', password: 'secret', domain: 'example.test' }, server)
    expect((await carol.register()).status).toBe(200)
    const elsewhere = await phone({ user: 'carol', password: 'secret' }, server)
    expect((await elsewhere.register()).status).toBe(401)
    const alice = await phone(ALICE, server)
    const called = await callTo(server, alice, carol, 'sip:carol@example.test')
    expect(called).toMatchObject({ status: 200 })
    expect((await alice.ask('INVITE', at('carol', server))).status).toBe(404)
  },

  async ACCDB(engine) {
    await tool(exec(engine, 'DELETE FROM acc'))
    await tool(exec(engine, 'DELETE FROM missed_calls'))
    const server = await node(engine, 'ACCDB')
    const bob = await phone(BOB, server)
    await bob.register()
    const alice = await phone(ALICE, server)
    expect(await callTo(server, alice, bob, at('bob', server))).toMatchObject({ status: 200 })
    const [busy] = await Promise.all([
      alice.ask('INVITE', at('bob', server)),
      bob.answer('INVITE', '486 Busy Here'),
    ])
    expect(busy.status).toBe(486)
    const found = async (): Promise<string> =>
      `${await rows(engine, 'SELECT method, sip_code, src_user, dst_ouser FROM acc')} / ` +
      (await rows(engine, 'SELECT method, sip_code, src_user, dst_ouser FROM missed_calls'))
    let told = await found()
    for (let i = 0; i < 40 && !/200.*486/s.test(told); i++) {
      await pause(100)
      told = await found()
    }
    expect(told).toMatch(/INVITE\W+200\W+alice\W+bob[^/]*\/[^/]*INVITE\W+486\W+alice\W+bob/)
  },
}

/** What a web server says; fetch() does not like the port of SIP. */
function post(server: SipServer, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { host, port } = server
    const headers = { 'Content-Length': Buffer.byteLength(body) }
    const sent = http.request(
      { host, port, path, method: 'POST', headers, agent: false },
      reply => {
        let text = ''
        reply.setEncoding('utf8').on('data', (part: string) => (text += part))
        reply.on('end', () => resolve(text))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const engines = [mariadb, postgres, sqlite]
describe.each(engines.map(make => ({ make, name: make.name })))('$name', ({ make }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await make()
    await fill(engine)
  }, 120_000)
  afterAll(() => engine.stop())

  test.each(Object.entries(cases))('WITH_%s', (_name, run) => run(engine))

  test('all together, with real phones', async () => {
    const all = Object.keys(cases)
    const more = ['TLS', 'JSONRPC', 'ANTIFLOOD', 'PSTN', 'VOICEMAIL', 'BLOCK3XX', 'BLOCK401407']
    const server = await node(engine, ...all, ...more, 'DEBUG')
    const [alice, bob] = await Promise.all([
      baresip({ user: 'alice', password: 'secret', server }),
      baresip({ user: 'bob', password: 'secret', server }),
    ])
    await Promise.all([alice.registered(), bob.registered()])
    alice.tell('dial', `sip:al@${HOST}`)
    await bob.said('CALL_INCOMING')
    bob.tell('accept')
    await alice.said('CALL_ESTABLISHED')
    alice.tell('hangup')
    await bob.said('CALL_CLOSED')
    await server.logged(
      /exec: .*\*\*\* cfgtrace:dbg_cfg_trace\(\): request_route=\[DEFAULT_ROUTE\]/,
    )
  })
})

describe('without a database', () => {
  const local = (...switches: string[]): Promise<SipServer> => nodeForTest(DEFAULT_CONFIG, switches)

  test('WITH_TLS', async () => {
    const port = await freePort()
    const server = await nodeForTest(home(''), ['TLS'], ['-l', `tls:${HOST}:${port}`])
    const socket = connect({ host: server.host, port, rejectUnauthorized: false })
    onTestFinished(() => void socket.destroy())
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.once('error', reject)
    })
    expect(socket.getProtocol()).toMatch(/^TLSv1\.[23]$/)
  })

  test('WITH_JSONRPC', async () => {
    const server = await local('JSONRPC')
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'core.version', id: 1 })
    const reply = await post(server, '/RPC', body)
    expect(JSON.parse(reply)).toMatchObject({ id: 1, result: expect.stringContaining('ohana') })
    expect(await post(server, '/x', '')).toContain('Wrong URL /x')
  })

  test('WITH_ANTIFLOOD', async () => {
    const server = await local('ANTIFLOOD')
    const flooder = await phone({ user: 'x', host: '127.0.0.2' }, server)
    const calm = await phone({ user: 'y', host: '127.0.0.3' }, server)
    const options = (from: AccountPhone) => from.ask('OPTIONS', `sip:${server.host}`)
    expect((await options(flooder)).status).toBe(200)
    for (let i = 0; i < 60; i++) options(flooder).catch(() => undefined)
    await server.logged(/pike blocking OPTIONS from sip:x@/)
    expect((await options(calm)).status).toBe(200)
    expect(await server.rpc('htable.dump', 'ipban')).toContain('127.0.0.2')
  })

  test('WITH_PSTN and WITH_VOICEMAIL', async () => {
    const server = await local('PSTN', 'VOICEMAIL')
    const gateway = await phone({ user: 'gw' }, server)
    const alice = await phone({ user: 'alice' }, server)
    const { port } = gateway.phone
    for (const words of [
      ['cfg.set_now_string', 'pstn', 'gw_ip', '127.0.0.1'],
      ['cfg.set_now_string', 'pstn', 'gw_port', `s:${port}`],
      ['cfg.set_now_string', 'voicemail', 'srv_ip', '127.0.0.1'],
      ['cfg.set_now_string', 'voicemail', 'srv_port', `s:${port}`],
    ])
      await server.rpc(...words)
    expect(await callTo(server, alice, gateway, at('004930123456', server))).toEqual({
      status: 200,
      uri: `sip:+4930123456@127.0.0.1:${port}`,
    })
    expect(await callTo(server, alice, gateway, at('nobody', server))).toEqual({
      status: 200,
      uri: `sip:nobody@127.0.0.1:${port}`,
    })
  })

  test.each([
    ['BLOCK3XX', '302 Moved Temporarily', 302],
    ['BLOCK401407', '407 Proxy Authentication Required', 407],
  ])('WITH_%s', async (name, status, open) => {
    for (const [switches, expected] of [
      [[], open],
      [[name], 404],
    ] as const) {
      const server = await local(...switches)
      const bob = await phone({ user: 'bob' }, server)
      await bob.register()
      const alice = await phone({ user: 'alice' }, server)
      const [reply] = await Promise.all([
        alice.ask('INVITE', at('bob', server)),
        bob.answer('INVITE', status),
      ])
      expect(reply.status).toBe(expected)
      await server.stop()
    }
  })

  test.each(['NAT', 'PRESENCE'])('WITH_%s is refused clearly', async name => {
    await expect(local(name)).rejects.toThrow(/is not here yet/)
  })
})
