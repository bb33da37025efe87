import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Fault } from '../../../../../rpc/faults.ts'
import { Bench } from '../../../../kit/bench.ts'
import { readFacts } from '../../../../compat/guards/story.ts'

interface World {
  readonly bench: Bench
  sql(statement: string): void
  rpc(name: string, ...params: unknown[]): Promise<unknown>
}

async function world(script: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'secfilter-'))
  const path = join(folder, 'facts.db')
  const sql = (statement: string): void => {
    const db = new DatabaseSync(path)
    db.exec(statement)
    db.close()
  }
  const [story] = readFacts('secfilter').stories
  sql(story!.sql!.join(';'))
  const modules = ['tm', 'sl', 'pv', 'xlog', 'db_sqlite', 'secfilter']
  const bench = await Bench.start(
    `${modules.map(name => `loadmodule "${name}.so"`).join('\n')}
    modparam("secfilter", "db_url", "sqlite:///${path}")
    request_route { ${script} xlog("L_ALERT", "@@$rc\\n"); drop; }`,
  )
  onTestFinished(async () => {
    await bench.host.stop()
    rmSync(folder, { recursive: true })
  })
  const strictness = { convert: false, skipWrongOptional: false }
  const caller = { transport: 'stream', strictness, connection: null } as const
  return {
    bench,
    sql,
    rpc: async (name, ...params) => (await bench.core.rpc.call(name, params, caller)).value,
  }
}

const request = (from: string, extra = ''): string =>
  [
    'INVITE sip:bob@example.org SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:25075;branch=z9hG4bKsec',
    `From: ${from};tag=a`,
    'To: <sip:bob@example.org>',
    'Call-ID: sec',
    'CSeq: 1 INVITE',
    ...(extra === '' ? [] : [extra]),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

const verdict = ({ bench }: World, message: string): string | undefined =>
  bench
    .logged(message)
    .find(text => text.includes('@@'))
    ?.split('@@')[1]
    ?.trim()

test('a bad row leaves the lists in force and is named', async () => {
  const at = await world('secf_check_from_hdr();')
  at.sql("INSERT INTO secfilter (action, type, data) VALUES (0, 9, 'odd')")
  at.bench.lines.length = 0
  await expect(at.rpc('secfilter.reload')).rejects.toEqual(
    new Fault(
      500,
      'Error loading data from database: row 16 of secfilter (action 0): Unknown type value 9',
    ),
  )
  const log = at.bench.lines.map(({ text }) => text).join()
  expect(log).toContain('row 16 of secfilter')
  expect(log).toContain('Unknown type value 9')
  expect(verdict(at, request('<sip:admin@x>'))).toBe('-2')
})

test('statistics say who decided how often', async () => {
  const at = await world('secf_check_from_hdr(); secf_check_ua(); secf_check_dst("$fU");')
  at.bench.receive(request('"sipvicious" <sip:900@evil.example>', 'User-Agent: MyPhone'))
  at.bench.receive(request('<sip:x@evil.example>'))
  const lines = (await at.rpc('secfilter.stats')) as string[]
  const counted = lines.filter(line => /: [1-9]/.test(line))
  expect(counted).toEqual([
    '[+] By from domain   : 1',
    '[+] By from name     : 1',
    '[+] By user-agent    : 1',
    '[+] Destinations   : 1',
  ])
  await at.rpc('secfilter.stats_reset')
  expect(((await at.rpc('secfilter.stats')) as string[]).join()).not.toMatch(/: [1-9]/)
})

test('lists are printed as Kamailio prints them', async () => {
  const at = await world('')
  expect(await at.rpc('secfilter.print', 'user')).toEqual([
    '',
    'User',
    '====',
    '[+] Blacklisted',
    '    -----------',
    '    0001 -> sipvicious',
    '    0002 -> admin',
    '',
    '[+] Whitelisted',
    '    -----------',
    '    0001 -> trusted',
    '    0002 -> Alice',
    '',
  ])
  expect(await at.rpc('secfilter.print', 'dst')).toContain('    0002 -> 900')
  const all = (await at.rpc('secfilter.print')) as string[]
  expect(all.length).toBeGreaterThan(40)
  expect(all.join('\n')).not.toContain('\n\n\n')
})

test('an attack in a header is seen, and one in all of them ends the script', async () => {
  const one = await world('secf_check_sqli_hdr("$ua");')
  for (const text of ["a'b", 'a"b', 'a--b', 'a%27b', 'a%22', 'a%60'])
    expect(verdict(one, request('<sip:a@b>', `User-Agent: ${text}`))).toBe('-1')
  expect(verdict(one, request('<sip:a@b>', 'User-Agent: a-b;c=d'))).toBe('1')
  const all = await world('secf_check_sqli_all();')
  expect(verdict(all, request("<sip:a'b@b>"))).toBeUndefined()
  expect(verdict(all, request('"a b" <sip:a@b>'))).toBe('1')
})
