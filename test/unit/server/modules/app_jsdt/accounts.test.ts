// Scripts as they are written for Kamailio ask a real database (SQLite), and others run meanwhile.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeTables } from '../../../../compat/auth/tables.ts'
import { type Answer, Phone } from '../../../../compat/auth/talk.ts'
import { Bench } from '../../../../kit/bench.ts'

const MODULES = 'tm sl pv kex xlog db_sqlite auth auth_db sqlops app_jsdt'.split(' ')

async function nodeWith(name: string, script: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'))
  const database = makeTables(folder)
  writeFileSync(join(folder, name), script)
  const bench = await Bench.start(
    [
      ...MODULES.map(each => `loadmodule "${each}.so"`),
      `modparam("auth_db", "db_url", "sqlite:///${database}")`,
      `modparam("sqlops", "sqlcon", "ca=>sqlite:///${database}")`,
      `modparam("app_jsdt", "load", "${join(folder, name)}")`,
      'cfgengine "jsdt"',
      '',
    ].join('\n'),
  )
  onTestFinished(async () => {
    await bench.host.stop()
    rmSync(folder, { recursive: true })
  })
  return bench
}

/** The first words of what each request is answered with, all of them sent at once. */
async function answers(bench: Bench, credentials: readonly Answer[]): Promise<string[]> {
  const phones = credentials.map((_, i) => new Phone(`127.0.0.1:${25_075 + i}`, Date.now))
  const ask = async (answer: boolean): Promise<string[]> => {
    bench.sent.length = 0
    const texts = phones.map((phone, i) =>
      phone.text({ send: 'REGISTER sip:example.com', ...(answer && { answer: credentials[i]! }) }),
    )
    for (const [i, text] of texts.entries()) bench.receive(text, 25_075 + i)
    while (bench.core.routes.waiting > 0) await pause(1)
    for (const { text, to } of bench.sent) phones[to.port - 25_075]!.take(text)
    return bench.sent
      .toSorted((a, b) => a.to.port - b.to.port)
      .map(({ text }) => text.slice('SIP/2.0 '.length, text.indexOf('\r\n')))
  }
  await ask(false)
  return ask(true)
}

const WITHOUT_TYPES = `
function ksr_request_route() {
  KSR.info("request\\n");
  if (ksr_route_auth() == -255) { return 1; }
  KSR.sl.sl_send_reply(200, "Welcome " + KSR.pv.get("$au"));
  return 1;
}

function ksr_route_auth() {
  if (KSR.auth) {
    if (KSR.is_REGISTER() || KSR.is_myself_furi()) {
      if (KSR.auth_db.auth_check("example.com", "subscriber", 1) < 0) {
        KSR.auth.auth_challenge("example.com", 0);
        return -255;
      }
    }
  }
  return 1;
}`

const WITH_TYPES = `
type Question = 'subscriber'
const { auth, auth_db } = KSR as unknown as Record<string, any>

class Accounts {
  private readonly table: Question = 'subscriber'

  check(realm: string): boolean {
    return auth_db.auth_check!(realm, this.table, 1) >= 0
  }
}

const accounts = new Accounts()

export const ksr_request_route = async (): Promise<void> => {
  if (!accounts.check('example.com')) {
    auth.auth_challenge('example.com', 0)
    KSR.x.exit()
  }
  const rows = [1, 2].map(n => KSR.sqlops.sql_query('ca', \`select \${n} as n\`, 'r' + n))
  const sum: number = await total(['r1', 'r2'])
  KSR.sl.sl_send_reply(200, \`Welcome \${KSR.pv.get('$au')} \${rows.join()} \${sum}\`)
}

async function total(names: readonly string[]): Promise<number> {
  return names.reduce((sum, name) => sum + Number(KSR.pv.get(\`$dbr(\${name}=>[0,0])\`)), 0)
}`

describe('auth_check from a script', () => {
  test.for([
    ['route.js', WITHOUT_TYPES, '200 Welcome alice'],
    ['route.ts', WITH_TYPES, '200 Welcome alice 1,1 3'],
  ])('%s lets in who knows the password, each on its own', async ([name, script, welcome]) => {
    const bench = await nodeWith(name!, script!)
    const seen = await answers(bench, [
      { user: 'alice' },
      { user: 'nobody' },
      { user: 'alice', password: 'wrong' },
      { user: 'alice' },
    ])
    expect(seen).toEqual([welcome, '401 Unauthorized', '401 Unauthorized', welcome])
  })
})
