// A call that began at one server goes on at another one with the same address and database, after
// the first was killed: Ohana after Kamailio, Kamailio after Ohana.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, type TestContext } from 'vitest'
import { Phone, type Received } from '../kit/phone.ts'
import { RedisServer } from '../kit/redis.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'

const MODULES = 'tm rr sl pv textops siputils ctl dialog'

const configOf = ({ driver, url, more }: Tables, callee: string): string => `debug=0
log_stderror=yes
auto_aliases=no
${[driver, ...MODULES.split(' ')].map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("dialog", "db_url", "${url}")
${more}
modparam("dialog", "db_mode", 1)
modparam("dialog", "default_timeout", 600)
modparam("dialog", "profiles_with_value", "caller")
request_route {
  if (is_present_hf("X-Probe")) { sl_send_reply("200", "here"); exit; }
  if (has_totag()) { loose_route(); t_relay(); exit; }
  record_route();
  dlg_manage();
  set_dlg_profile("caller", "$fU");
  $dlg_var(color) = "blue";
  $du = "sip:${callee}";
  t_relay();
}
`

/** Where dialogs are kept. */
interface Tables {
  readonly driver: string
  readonly url: string
  /** Parameters of the driver. */
  readonly more: string
  /** The states of the rows. */
  states(): Promise<unknown[]>
}

async function inSqlite({ onTestFinished }: TestContext): Promise<Tables> {
  const folder = mkdtempSync(join(tmpdir(), 'takeover-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'dialogs.sqlite')
  const db = new DatabaseSync(path)
  // Who reads it does not keep the servers from writing.
  db.exec('PRAGMA journal_mode=WAL')
  for (const file of ['standard-create.sql', 'dialog-create.sql'])
    db.exec(readFileSync(resolve('templates/db/sqlite', file), 'utf8'))
  db.close()
  const states = async (): Promise<unknown[]> => {
    const reader = new DatabaseSync(path, { timeout: 5000 })
    const rows = reader.prepare('SELECT state FROM dialog').all()
    reader.close()
    return rows.map(({ state }) => state)
  }
  return { driver: 'db_sqlite', url: `sqlite:///${path}`, more: '', states }
}

const REDIS_KEYS = [
  'version=entry:table_name',
  'dialog=entry:hash_entry,hash_id&cid:callid',
  'dialog_vars=entry:hash_entry,hash_id,dialog_key&dialog:hash_entry,hash_id',
]

async function inRedis({ onTestFinished }: TestContext): Promise<Tables> {
  const redis = await RedisServer.start()
  onTestFinished(() => redis.stop())
  const versions = { dialog: 7, dialog_vars: 1 }
  for (const [table_name, table_version] of Object.entries(versions))
    await redis.client.hset(`version:entry::${table_name}`, { table_name, table_version })
  return {
    driver: 'db_redis',
    url: `redis://127.0.0.1:${redis.port}/0`,
    more: `modparam("db_redis", "schema_path", "${resolve('templates/db/redis')}")
modparam("db_redis", "keys", "${REDIS_KEYS.join(';')}")`,
    states: async () => {
      const rows = await redis.client.keys('dialog*:entry::*')
      const dialogs = rows.filter(key => key.startsWith('dialog:'))
      const states = await Promise.all(dialogs.map(key => redis.client.hget(key, 'state')))
      // Variables go with their dialog.
      return dialogs.length === 0 ? rows : states
    },
  }
}

const TABLES = { SQLite: inSqlite, Redis: inRedis }

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 500) throw new Error('it did not come')
    await pause(20)
  }
}

async function phone({ onTestFinished }: TestContext): Promise<Phone> {
  const opened = await Phone.open()
  onTestFinished(() => opened.close())
  return opened
}

class Call {
  private readonly caller: Phone
  private readonly callee: Phone
  private cseq = 0
  route = ''

  constructor(caller: Phone, callee: Phone) {
    this.caller = caller
    this.callee = callee
  }

  private async send(to: SipServer, method: string): Promise<void> {
    const isFirst = method === 'INVITE'
    if (method !== 'ACK') this.cseq++
    const headers: [string, string][] = [
      ['Via', `SIP/2.0/UDP ${this.caller.address};branch=z9hG4bK${method};rport`],
      ['Max-Forwards', '70'],
      ...(isFirst ? [] : ([['Route', this.route]] as [string, string][])),
      ['From', '<sip:alice@example.org>;tag=caller'],
      ['To', `<sip:bob@example.com>${isFirst ? '' : ';tag=callee'}`],
      ['Call-ID', 'takeover@example.org'],
      ['CSeq', `${this.cseq} ${method}`],
      ['Contact', `<sip:alice@${this.caller.address}>`],
    ]
    const uri = isFirst ? 'sip:bob@example.com' : `sip:bob@${this.callee.address}`
    await this.caller.send(print(`${method} ${uri} SIP/2.0`, headers), to.host, to.port)
  }

  private answer(got: Received): void {
    const copied = got.message.headers
      .filter(([name]) => /^(via|from|to|call-id|cseq|record-route)$/i.test(name))
      .map(([name, value]): [string, string] =>
        name === 'To' && !value.includes('tag=') ? [name, `${value};tag=callee`] : [name, value],
      )
    const contact: [string, string] = ['Contact', `<sip:bob@${this.callee.address}>`]
    got.answer(print('SIP/2.0 200 OK', [...copied, contact]))
  }

  async begin(at: SipServer): Promise<void> {
    await this.send(at, 'INVITE')
    const invite = await this.callee.expect(/^INVITE/)
    this.route = invite.message.header('Record-Route')
    this.answer(invite)
    await this.caller.expect(/^SIP\/2\.0 200/)
    await this.send(at, 'ACK')
    await this.callee.expect(/^ACK/)
  }

  async end(at: SipServer): Promise<void> {
    await this.send(at, 'BYE')
    this.answer(await this.callee.expect(/^BYE/))
    await this.caller.expect(/^SIP\/2\.0 200/)
  }
}

/** Fields that do not tell of the moment (a lifetime is rounded); profiles change their order. */
const lasting = (shown: string): string[] =>
  shown
    .split('\n')
    .filter(line => !/^\s*(ref|init_ts|duration|dflags|timeout|lifetime):/.test(line))
    .toSorted()

describe.concurrent('a call goes on at another server', () => {
  test.for([
    ['Kamailio', 'Ohana', 'SQLite'],
    ['Ohana', 'Kamailio', 'SQLite'],
    ['Kamailio', 'Ohana', 'Redis'],
  ] as const)(
    'that is killed: after %s %s, with dialogs in %s',
    { timeout: 60_000 },
    async ([first, second, where], context) => {
      const tables = await TABLES[where](context)
      const callee = await phone(context)
      const call = new Call(await phone(context), callee)
      const port = await freePort()
      const config = configOf(tables, callee.address)
      const options = { config, port, transports: ['udp' as const] }
      const before = await serverForTest({ ...options, original: first === 'Kamailio' }, context)
      await call.begin(before)
      await until(async () => (await tables.states()).join() === '4')
      const told = await before.rpc('dlg.list')
      process.kill(-before.child.pid, 'SIGKILL')
      await before.child.ended
      const after = await serverForTest({ ...options, original: second === 'Kamailio' }, context)
      expect(lasting(await after.rpc('dlg.list'))).toEqual(lasting(told))
      expect(await after.rpc('dlg.profile_get_size', 'caller', 'alice')).toMatch(/^1\b/)
      await call.end(after)
      expect(await after.rpc('dlg.stats_active')).toContain('all: 0')
      expect(await after.rpc('dlg.profile_get_size', 'caller', 'alice')).toMatch(/^0\b/)
      // Kamailio deletes the row when it forgets the transaction.
      if (second === 'Ohana') await until(async () => (await tables.states()).length === 0)
    },
  )
})
