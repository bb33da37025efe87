import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../../../kit/ports.ts'
import jsonrpcs from '../../../../../server/modules/jsonrpcs/jsonrpcs.module.ts'
import { testModules, type TestModules } from '../modules-for-test.ts'

let folder: string
let node: TestModules | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohana-doors-'))
})
afterEach(async () => {
  await node?.host.stop()
  node?.stop()
  node = null
  rmSync(folder, { recursive: true })
})

type Values = readonly (readonly [string, string, string | number])[]

async function begin(values: Values = []): Promise<TestModules> {
  node = testModules(
    [jsonrpcs],
    [
      ['jsonrpcs', 'fifo_name', join(folder, 'rpc.fifo')],
      ['jsonrpcs', 'fifo_reply_dir', `${folder}/`],
      ['jsonrpcs', 'dgram_socket', join(folder, 'rpc.sock')],
      ...values,
    ],
  )
  await node.host.start()
  return node
}

const request = (extra = ''): string =>
  `{"jsonrpc": "2.0", "method": "core.echo", "params": ["é"], ${extra}"id": 7}`
const REPLY = '{\n\t"jsonrpc":\t"2.0",\n\t"result":\t["é"],\n\t"id":\t7\n}'

describe('the FIFO', () => {
  test('takes a request and writes the reply where the caller waits', async () => {
    await begin()
    execFileSync('mkfifo', [join(folder, 'reply')])
    const reader = spawn('cat', [join(folder, 'reply')])
    writeFileSync(join(folder, 'rpc.fifo'), `${request('"reply_name": "reply", ')}\n`)
    expect(await text(reader.stdout)).toBe(REPLY)
  })

  test('does nothing without a place for the reply', async () => {
    const { core } = await begin()
    writeFileSync(join(folder, 'rpc.fifo'), `${request()}${request('"reply_name": "../x", ')}{"a`)
    writeFileSync(join(folder, 'rpc.fifo'), '"}')
    while (core.log.tail(9).length < 3) await new Promise(resolve => setTimeout(resolve, 5))
    expect(core.log.tail(9).map(line => line.text)).toEqual([
      'fifo: no acceptable reply_name (none given)',
      'fifo: no acceptable reply_name (../x)',
      'invalid json doc [[{"a"}]]',
    ])
  })

  test('has its mode, and is gone when the module stops', async () => {
    const { host } = await begin([['jsonrpcs', 'fifo_mode', 0o600]])
    expect(statSync(join(folder, 'rpc.fifo')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'rpc.sock')).mode & 0o777).toBe(0o660)
    await host.stop()
    expect(existsSync(join(folder, 'rpc.fifo'))).toBe(false)
    expect(existsSync(join(folder, 'rpc.sock'))).toBe(false)
  })

  test('is made anew when one is left over, but nothing else is overwritten', async () => {
    execFileSync('mkfifo', [join(folder, 'rpc.fifo')])
    await begin()
    await node!.host.stop()
    writeFileSync(join(folder, 'rpc.fifo'), 'a file')
    await expect(begin()).rejects.toThrow('is no FIFO')
  })

  test('an owner that is not there stops the start', async () => {
    await expect(begin([['jsonrpcs', 'fifo_user', 'nobody-of-this-name']])).rejects.toThrow(
      'there is no user nobody-of-this-name',
    )
  })
})

describe('the datagram socket', () => {
  /** A caller in Python: the runtime has no Unix datagram sockets. */
  function ask(path: string, ...texts: string[]): Promise<string> {
    const program = [
      'import socket, sys',
      's = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)',
      's.bind(sys.argv[2]); s.settimeout(5)',
      'for text in sys.argv[3:]:',
      '    s.sendto(text.encode(), sys.argv[1]); print(s.recv(90000).decode())',
    ].join('\n')
    const child = spawn('python3', ['-c', program, path, join(folder, 'caller'), ...texts])
    return text(child.stdout)
  }

  test('answers each request to its sender', async () => {
    await begin()
    expect(await ask(join(folder, 'rpc.sock'), request(), request())).toBe(`${REPLY}\n${REPLY}\n`)
  })

  test('over UDP, compact', async () => {
    const port = await freePort()
    await begin([
      ['jsonrpcs', 'dgram_socket', `udp:127.0.0.1:${port}`],
      ['jsonrpcs', 'pretty_format', 0],
    ])
    const socket = createSocket('udp4')
    const reply = new Promise<string>(resolve =>
      socket.once('message', message => resolve(message.toString())),
    )
    socket.send(request(), port, '127.0.0.1')
    expect(await reply).toBe('{"jsonrpc":"2.0","result":["é"],"id":7}')
    socket.close()
  })

  test('only what `transport` names is opened', async () => {
    await begin([['jsonrpcs', 'transport', 2]])
    expect(existsSync(join(folder, 'rpc.fifo'))).toBe(true)
    expect(existsSync(join(folder, 'rpc.sock'))).toBe(false)
  })
})
