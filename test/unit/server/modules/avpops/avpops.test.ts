// What KSR has of it, the parameters that are refused, and a database that is away.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { avpsOf } from '../../../../../server/core/avp.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { makeTables } from '../../../../compat/avpops/cases.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { request } from '../../../../compat/script/cases.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import { received } from '../../../../kit/received.ts'

const MODULES = ['pv', 'xlog', 'db_sqlite', 'avpops'].map(name => `loadmodule "${name}.so"\n`)

const start = (params: string, route: string): Promise<Bench> =>
  Bench.start(`${MODULES.join('')}${params}\nrequest_route { ${route} }\n`)

/** What is logged for one request, all that waits included. */
async function said(params: string, route: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'avpops-'))
  const path = join(folder, 'avpops.db')
  makeTables(path)
  const bench = await start(params.replace('{db}', `sqlite:///${path}`), route)
  onTestFinished(async () => {
    await bench.core.databases.close()
    rmSync(folder, { recursive: true })
  })
  const file = new DatabaseSync(path)
  file.exec('DROP TABLE my')
  file.close()
  bench.receive(request(PEER_PORT))
  while (bench.core.routes.waiting > 0) await new Promise(later => setTimeout(later, 1))
  return bench.lines.map(({ text }) => text.replace('<script>: ', ''))
}

const DATABASE =
  'modparam("avpops", "db_url", "{db}")\nmodparam("avpops", "avp_table", "usr_preferences")\n'

it('has two functions for scripts in real languages, as Kamailio', async () => {
  const { core } = await start('', 'exit;')
  const names = core.kemi.exports().filter(({ module }) => module === 'avpops')
  expect(names.map(({ name }) => name).toSorted()).toEqual(['avp_check', 'avp_copy'])
  const msg = new SipMessage(messageText('plain'), received({}), 1)
  avpsOf(msg).push('a', 'text')
  const call = (name: string, ...args: string[]) => core.kemi.find('avpops', name)!.call(msg, args)
  expect(call('avp_copy', '$avp(a)', '$avp(b)/d')).toBe(1)
  expect(call('avp_check', '$avp(b)', 'eq/text')).toBe(1)
  expect(call('avp_check', '$avp(a)', 'eq/text')).toBe(-1)
})

it('says that it has no database', async () => {
  expect(await said('', 'avp_db_load("$fu", "*"); xlog("L_ALERT", "$rc");')).toEqual([
    'you have to configure a db_url for using avp_db_xxx functions',
    '-1',
  ])
})

it('takes a domain into account when told to', async () => {
  const load = 'avp_db_load("sip:alice@other.org/uri", "*"); xlog("L_ALERT", "$(avp(color)[*])");'
  expect(await said(DATABASE, load)).toContain('green, blue, red')
  const withDomain = `${DATABASE}modparam("avpops", "use_domain", 1)\n`
  expect(await said(withDomain, load)).toEqual(['green'])
})

it('removes the attributes of one kind', async () => {
  const lines = await said(
    DATABASE,
    `avp_db_delete("u1", "i"); avp_db_load("u1", "*");
    xlog("L_ALERT", "$(avp(color)[*]) $avp(i:15) $avp(s:15)");`,
  )
  expect(lines).toEqual(['blue, red <null> 99'])
})

it('goes on when the database refuses', async () => {
  const lines = await said(
    DATABASE,
    `$avp(k) = "v"; avp_db_store("u9", "$avp(k)/my"); $var(s) = $rc;
    avp_db_delete("u9", "*/my"); xlog("L_ALERT", "$var(s) $rc");`,
  )
  expect(lines.at(-1)).toBe('-1 -1')
  expect(lines[0]).toContain('insert failed: no such table: my')
})

it.each([
  ['modparam("avpops", "db_url", "sqlite:///x")', 'found empty'],
  ['modparam("avpops", "db_scheme", "value_col=x")', 'names no scheme'],
  ['modparam("avpops", "db_scheme", "a:table=x")', 'needs a value_col'],
  ['modparam("avpops", "db_scheme", "a:value_col=x;value_type=float")', 'unknown value type'],
  ['modparam("avpops", "db_scheme", "a:nonsense=x")', 'unknown attribute <nonsense>'],
])('does not start with %s', async (param, text) => {
  await expect(start(param, 'exit;')).rejects.toThrow(text)
})
