// Debian's kamctl, over the FIFO, asks a node that runs the configuration which Debian ships.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../kit/child.ts'
import { type SipServer, startServer } from '../../kit/server.ts'

let server: SipServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

async function kamctl(...words: string[]): Promise<string> {
  const env = { RPCFIFOPATH: join(server.folder, 'kamailio_rpc.fifo'), SIP_DOMAIN: '127.0.0.1' }
  return (await run('kamctl', words, { env })).output
}

/** The JSON after whatever kamctl says before it. */
async function reply(...words: string[]): Promise<unknown> {
  const text = await kamctl(...words)
  return (JSON.parse(text.slice(text.indexOf('{'))) as { result: unknown }).result
}

describe('kamctl', () => {
  test('uptime, in the layout that its filter expects', async () => {
    const text = await kamctl('uptime')
    const lines = [
      '\\{',
      '  "jsonrpc":  "2\\.0",',
      '  "result": \\{',
      '    "now":  "[^"]+",',
      '    "up_since": "[^"]+",',
      '    "uptime": \\d+',
      '  \\},',
      '  "id": \\d+',
      '\\}',
    ]
    expect(text).toMatch(new RegExp(`^${lines.join('\n')}\n$`))
  })

  test('ps and psa', async () => {
    expect(await reply('ps')).toContainEqual({
      IDX: 0,
      PID: expect.any(Number),
      DSC: expect.stringMatching(/^main process - /),
    })
    expect(await reply('psa')).toContainEqual(expect.objectContaining({ index: 0, status: 1 }))
  })

  test('ul add, show, online, rm', async () => {
    const contact = 'sip:carol@127.0.0.1:5070'
    expect(await reply('ul', 'add', 'carol', contact, '60')).toEqual({})
    expect(await reply('ul', 'show', 'carol')).toMatchObject({
      AoR: 'carol',
      Contacts: [{ Contact: { Address: contact, CSeq: 1, Methods: 4294967295 } }],
    })
    expect(await kamctl('ul', 'show')).toContain('"AoR":  "carol"')
    expect(await kamctl('online')).toContain('carol')
    expect(await reply('ul', 'rm', 'carol', contact)).toEqual({})
    expect(await kamctl('ul', 'show', 'carol')).toContain('AOR not found in location table')
  })

  test('stats: all and of a group', async () => {
    expect(await reply('stats')).toContain('core:rcv_replies = 0')
    const sl = (await reply('stats', 'sl')) as string[]
    expect(sl).toHaveLength(24)
    expect(sl.every(line => /^sl:\S+ = \d+$/.test(line))).toBe(true)
  })

  test('srv sockets, aliases, modules, version, debug', async () => {
    const own = { PROTO: 'udp', NAME: '127.0.0.1', PORT: String(server.port), SOCKNAME: '-' }
    expect(await reply('srv', 'sockets')).toContainEqual(expect.objectContaining(own))
    expect(await reply('srv', 'modules')).toEqual(expect.arrayContaining(['tm', 'usrloc']))
    expect(await kamctl('srv', 'aliases')).toContain('"result"')
    expect(await kamctl('srv', 'version')).toContain('(x86_64/linux)')
    expect(await kamctl('srv', 'debug')).toContain('"debug":')
  })

  test('ping sends an OPTIONS and waits for its answer', async () => {
    expect(await reply('ping', `sip:${server.address}`)).toEqual({ code: 200, text: 'Keepalive' })
  })

  test('rpc with texts and numbers, and a command that is none', async () => {
    expect(await reply('rpc', 'core.echo', 'a', 's:5', 'i:6')).toEqual(['a', '5', '6'])
    const none = await kamctl('rpc', 'nosuch.cmd')
    expect(none).toContain('"code": 500')
    expect(none).toContain('Method Not Found')
  })

  test('kamcmd through kamctl, and one pass of the monitor', async () => {
    const monitor = await kamctl('rpc', 'stats.get_statistics', 'UAS_transactions', 'shmem:')
    expect(monitor).toContain('tmx:UAS_transactions = ')
    expect(monitor).toContain('shmem:total_size = ')
  })
})
