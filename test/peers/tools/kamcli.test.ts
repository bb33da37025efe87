// kamcli, over the datagram socket, asks a node that runs the configuration which Debian ships.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../kit/child.ts'
import { type SipServer, startServer } from '../../kit/server.ts'

let server: SipServer
let config: string
beforeAll(async () => {
  server = await startServer()
  config = join(server.folder, 'kamcli.ini')
  writeFileSync(
    config,
    [
      '[main]',
      'domain=127.0.0.1',
      '[db]',
      'type=mysql',
      'driver=mysqldb',
      'host=localhost',
      'dbname=kamailio',
      'rwuser=kamailio',
      'rwpassword=none',
      'rouser=kamailioro',
      'ropassword=none',
      '[ctl]',
      'type=jsonrpc',
      'kamgroup=kamailio',
      '[jsonrpc]',
      'transport=socket',
      `srvaddr=${join(server.folder, 'kamailio_rpc.sock')}`,
      `rcvaddr=${join(server.folder, 'reply.sock')}`,
      'outformat=json',
      '',
    ].join('\n'),
  )
})
afterAll(() => server.stop())

async function kamcli(...words: string[]): Promise<string> {
  const env = { LC_ALL: 'C.UTF-8' }
  return (await run('kamcli', ['-c', config, ...words], { env })).output
}

async function reply(...words: string[]): Promise<unknown> {
  const text = await kamcli(...words)
  return (JSON.parse(text.slice(text.indexOf('{'))) as { result: unknown }).result
}

describe('kamcli', () => {
  test('uptime, ps, srv', async () => {
    expect(await reply('uptime')).toMatchObject({ uptime: expect.any(Number) })
    expect(await kamcli('ps')).toMatch(/main process/)
    expect(await reply('srv', 'modules')).toEqual(expect.arrayContaining(['tm', 'usrloc']))
    expect(await kamcli('srv', 'sockets')).toContain(String(server.port))
    expect(await kamcli('srv', 'version')).toContain('(x86_64/linux)')
  })

  test('ul add, show, rm', async () => {
    await kamcli('ul', 'add', 'carol', 'sip:carol@127.0.0.1:5070')
    expect(await kamcli('ul', 'show', 'carol')).toContain('sip:carol@127.0.0.1:5070')
    expect(await kamcli('ul', 'show')).toContain('carol')
    await kamcli('ul', 'rm', 'carol')
    expect(await kamcli('ul', 'show', 'carol')).toContain('AOR not found in location table')
  })

  test('stats and rpcmethods', async () => {
    expect(await kamcli('stats', '-s', 'rcv_replies')).toContain('rcv_replies')
    expect(await reply('rpcmethods')).toContain('ul.dump')
  })

  test('jsonrpc with texts and numbers, and a command that is none', async () => {
    expect(await reply('rpc', 'core.echo', 'a', 's:5')).toEqual(['a', '5'])
    expect(await kamcli('rpc', 'nosuch.cmd')).toContain('Method Not Found')
  })
})
