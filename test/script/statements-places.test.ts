// Whatever goes wrong while a script runs, the log names the line of the config and the message.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import textops from '../../server/modules/textops/textops.module.ts'
import { Bench } from '../kit/bench.ts'

const INVITE = `INVITE sip:bob@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1
From: <sip:alice@example.com>;tag=1
To: <sip:bob@127.0.0.1>
Call-ID: call-1
CSeq: 1 INVITE
Max-Forwards: 70
Content-Length: 0

`.replaceAll('\n', '\r\n')

const folder = mkdtempSync(join(tmpdir(), 'places-'))
const MODULES = 'kex pv sl tm textops xlog corex cfgutils'.split(' ')
/** The first line of the config behind those that load modules. */
const FIRST = 2

/** A node with the config; lines are counted from 1 at the first of it. */
function start(config: string, others: Record<string, string> = {}): Promise<Bench> {
  for (const [name, text] of Object.entries(others)) writeFileSync(join(folder, name), text)
  const path = join(folder, 'main.cfg')
  const load = MODULES.map(name => `loadmodule "${name}.so";`).join(' ')
  writeFileSync(path, `${load}\n${config}`)
  return Bench.load(path)
}

/** Paths are left out. */
const short = (text: string): string => text.replaceAll(`${folder}/`, '')

/** What the log says over the message, one text a line of it. */
async function said(config: string, others: Record<string, string> = {}): Promise<string[]> {
  const bench = await start(config, others)
  return bench.logged(INVITE).map(short)
}

/** `has_body()` breaks with a mistake of our own. */
function breakHasBody(): void {
  vi.spyOn(textops.functions!.has_body!, 'run').mockImplementation(() => {
    throw new Error('on purpose')
  })
}

afterEach(() => {
  vi.restoreAllMocks()
})

it('names line and Call-ID of a mistake of our own, and the lines that led to it', async () => {
  breakHasBody()
  const [text = '', ...more] = await said(`request_route {
  xlog("one");
  route(A);
}
route[A] {
  if ($rU == "x") exit;
  else if (has_body() && $rm == "INVITE") exit;
}
`).then(lines => lines.slice(1))
  expect(more).toEqual([])
  const [first, ...frames] = text.split('\n')
  expect(first).toBe(`message dropped at main.cfg:${FIRST + 6} (Call-ID call-1): Error: on purpose`)
  const routes = frames.filter(frame => frame.includes('main.cfg'))
  expect(routes.map(frame => frame.trim())).toEqual([
    `at route_A (main.cfg:${FIRST + 6})`,
    `at request_route (main.cfg:${FIRST + 2})`,
  ])
})

it('names the file that was included', async () => {
  breakHasBody()
  const [text = ''] = await said(
    'include_file "routes.cfg"\nrequest_route {\n  include_file "lines.cfg"\n}\n',
    { 'lines.cfg': '\n\nroute(B);\n', 'routes.cfg': 'route[B] {\n  $var(a) = has_body();\n}\n' },
  )
  const [first, ...frames] = text.split('\n')
  expect(first).toBe('message dropped at routes.cfg:2 (Call-ID call-1): Error: on purpose')
  const routes = frames.filter(frame => frame.includes('.cfg'))
  expect(routes.map(frame => frame.trim())).toEqual([
    'at route_B (routes.cfg:2)',
    'at request_route (lines.cfg:3)',
  ])
})

it('names the line within loops, cases and blocks in expressions', async () => {
  breakHasBody()
  const where = async (body: string): Promise<string | undefined> => {
    const [text = ''] = await said(`request_route {\n${body}\n}\n`)
    return /at main\.cfg:(\d+) /.exec(text)?.[1]
  }
  const line = (n: number): string => String(FIRST + n)
  expect(await where('while (\n1) {\n;\nhas_body();\n}')).toBe(line(4))
  expect(await where('while (1\n&& has_body()) {\n;\n}')).toBe(line(1))
  expect(await where('switch (1) {\ncase 1:\n;\nhas_body();\n}')).toBe(line(4))
  expect(await where('$var(a) = 1 + {\n;\nhas_body();\n};')).toBe(line(3))
  expect(await where('return\nhas_body();')).toBe(line(1))
})

it('names them after a wait as well', async () => {
  breakHasBody()
  const bench = await start(`request_route {
  usleep("1000");
  has_body();
}
`)
  bench.receive(INVITE)
  await expect.poll(() => bench.lines.length).toBeGreaterThan(0)
  const [first = ''] = short(bench.lines[0]!.text).split('\n')
  expect(first).toBe(
    `in request route  at main.cfg:${FIRST + 2} (Call-ID call-1): Error: on purpose`,
  )
})

it('names them when an expression fails', async () => {
  const lines = await said(`request_route {
  $var(zero) = 0;
  $var(a) = 4 / $var(zero);
  $var(pattern) = "[";
  if ($rU =~ $var(pattern)) exit;
  if ($var(zero) == 0
      && 7 mod $var(zero) == 1) exit;
}
`)
  expect(lines).toEqual([
    `rv div by 0 at main.cfg:${FIRST + 2} (Call-ID call-1)`,
    `Bad regular expression "[" at main.cfg:${FIRST + 4} (Call-ID call-1)`,
    `rv mod by 0 at main.cfg:${FIRST + 5} (Call-ID call-1)`,
  ])
})

it('names them when the script goes too far', async () => {
  const lines = await said(`request_route {
  $var(name) = "NONE";
  route($var(name));
  while (1) {
    ;
  }
  route(A);
  exit;
}
route[A] {
  route(A);
}
`)
  const whose = '(Call-ID call-1)'
  expect(lines).toEqual([
    `route "NONE" not found at main.cfg:${FIRST + 2} ${whose}`,
    `runaway while: more then 100 loops at main.cfg:${FIRST + 3} ${whose}`,
    `too many recursive routing table lookups (256) giving up! at main.cfg:${FIRST + 10} ${whose}`,
  ])
})

it('names them when an argument turns out to be malformed', async () => {
  const lines = await said(`request_route {
  $var(name) = "NONE";
  t_on_failure("$var(name)");
  t_on_failure("$var(name)");
  exit;
}
`)
  const what = 't_on_failure() is not called, there is no failure route NONE'
  expect(lines).toEqual([
    `${what} at main.cfg:${FIRST + 2} (Call-ID call-1)`,
    `${what} at main.cfg:${FIRST + 3} (Call-ID call-1)`,
  ])
})

it('tells the script where it is', async () => {
  const lines = await said(
    `request_route {
  xlog("$cfg(name) $cfg(line) $cfg(route)");
  $var(a) =
    $cfg(line);
  xlog("$var(a)");
  include_file "inner.cfg"
  route(C);
}
route[C] {
  xlogl("L_ERR", "here");
}
`,
    { 'inner.cfg': '\nxlog("$cfg(name) $cfg(line) $cfg(route)");\nxlogl("there");\n' },
  )
  expect(lines.map(line => line.replace('<script>: ', ''))).toEqual([
    `main.cfg ${FIRST + 1} DEFAULT_ROUTE`,
    String(FIRST + 3),
    'inner.cfg 2 DEFAULT_ROUTE',
    '3:there',
    `${FIRST + 9}:here`,
  ])
})

it('follows the lines of the config that is in force after a reload', async () => {
  breakHasBody()
  const bench = await start('request_route {\n  has_body();\n}\n')
  const { emitted } = bench.core.log
  const old = { placeOf: (line: number) => `x.cfg:${line + 1}` }
  const now = { placeOf: (line: number) => `new.cfg:${line}` }
  const name = emitted.add('/x.cfg.js', 'old', old)
  const other = emitted.add('/x.cfg.js', 'new', now)
  expect(name).not.toBe(other)
  expect(emitted.add('/x.cfg.js', 'old', old)).toBe(name)
  const error = new Error('here')
  error.stack = `Error: here\n    at a (${name}:1:2)\n    at b (${other}:3:4)\n    at ${other}:5:6`
  expect(emitted.stack(error)).toBe(
    'Error: here\n    at a (x.cfg:2)\n    at b (new.cfg:3)\n    at new.cfg:5',
  )
  expect(emitted.place(error)).toBe('x.cfg:2')
  expect(emitted.stack('no error')).toBe('no error')
})
