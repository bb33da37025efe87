// t_write_unix and t_write_req: the texts are those that the real Kamailio wrote.
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  HEAD,
  listen,
  MODULES,
  PARAMS,
  requestText,
  routes,
} from '../../../../compat/tm/writers.ts'
import type { Writing } from '../../../../compat/tm/writers.ts'
import { Bench } from '../../../../kit/bench.ts'

const facts = join(import.meta.dirname, '../../../../compat/tm/writers.json')
const writings = JSON.parse(readFileSync(facts, 'utf8')) as Writing[]
const folder = mkdtempSync(join(tmpdir(), 'writers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const config = (script: string): string =>
  [
    ...HEAD,
    'debug=2',
    ...[...MODULES, 'xlog']
      .filter(name => name !== 'jsonrpcs')
      .map(name => `loadmodule "${name}.so"`),
    ...PARAMS,
    script,
    '',
  ].join('\n')

describe('t_write_unix writes as Kamailio does', () => {
  let bench: Bench
  let heard: (text: string) => void = () => undefined
  let close = (): void => undefined

  beforeAll(async () => {
    const socket = await listen(folder, text => heard(text))
    close = () => socket.close()
    bench = await Bench.start(config(routes(folder)))
  })

  afterAll(async () => {
    close()
    await bench.host.stop()
  })

  test.each(writings.map((writing, i) => [writing.name, writing, i] as const))(
    '%s',
    async (_name, writing, i) => {
      const text = new Promise<string>(done => (heard = done))
      bench.receive(requestText(writing, i))
      expect(await text).toBe(writing.wrote)
    },
  )
})

describe('what cannot be written', () => {
  const said = async (call: string, before = 't_newtran();'): Promise<string[]> => {
    const bench = await Bench.start(
      config(`request_route { ${before} ${call}; xlog("L_ERR", "rc $rc\n"); exit; }`),
    )
    const lines = bench.logged(requestText(writings[2]!, 0))
    for (let i = 0; i < 4000 && !lines.some(line => line.includes('rc ')); i++) {
      await pause(5)
      lines.splice(0, lines.length, ...bench.lines.map(({ text }) => text))
    }
    await bench.host.stop()
    return lines.map(line => line.replaceAll(`${folder}/`, '').trim())
  }

  test('to a socket that is not there', async () => {
    expect((await said(`t_write_unix("${folder}/none", "x")`)).slice(0, 2)).toEqual([
      'write_to_unixsock failed: none: ENOENT',
      '<script>: rc -1',
    ])
  })

  test('to a FIFO that nobody reads, and to one that is not there', async () => {
    const fifo = join(folder, 'unread')
    execFileSync('mkfifo', [fifo])
    expect((await said(`t_write_req("${fifo}", "x")`))[0]).toBe(
      'cannot open fifo file - nobody listening for reading [unread]',
    )
    expect((await said(`t_write_req("${folder}/none", "x")`))[0]).toMatch(
      /^failed to open \[none\] fifo: ENOENT/,
    )
  })

  test('without a transaction, or with an append that is not there', async () => {
    expect((await said(`t_write_req("${folder}/none", "x")`, ''))[0]).toBe('no transaction found')
    expect((await said(`t_write_req("${folder}/none", "x/y")`))[0]).toBe('unknown append name <y>')
  })
})

test('t_write_req writes the same to a FIFO', async () => {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const bench = await Bench.start(
    config(`request_route { t_newtran(); t_write_req("${fifo}", "info"); exit; }`),
  )
  bench.receive(requestText(writings[0]!, 0))
  const into = Buffer.alloc(4096)
  const text = into.toString('latin1', 0, readSync(fd, into))
  closeSync(fd)
  await bench.host.stop()
  expect(text.replace(/^\d+:\d+$/m, 'HASH')).toBe(writings[0]!.wrote)
})

describe('tw_append', () => {
  const refused: [string, string][] = [
    ['app', 'parse error in <app> around position 3'],
    ['app:$rm', 'parse error in <app:$rm> around position 7'],
    ['app:hdr[X];avp=$avp(x);hdr[Y]', 'around position 22'],
    ['app:msg[uri]', 'unsupported value <uri> for msg type'],
    ['app:avp[$avp(x)]', 'bad alias spec <$avp(x)>'],
  ]
  test.each(refused)('%s is refused', async (value, why) => {
    const script = `modparam("tm", "tw_append", "${value}")\nrequest_route { exit; }`
    await expect(Bench.start(config(script))).rejects.toThrow(why)
  })

  test('has each name once', async () => {
    const script = 'modparam("tm", "tw_append", "via:hdr[X]")\nrequest_route { exit; }'
    await expect(Bench.start(config(script))).rejects.toThrow('duplicated tw_append name <via>')
  })
})
