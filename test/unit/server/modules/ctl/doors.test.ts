import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../../../kit/ports.ts'
import { packet, readHead, REQUEST } from '../../../../../rpc/wire/binrpc.ts'
import { type BinrpcValue, readRecords } from '../../../../../rpc/wire/binrpc-read.ts'
import { writeText } from '../../../../../rpc/wire/binrpc-write.ts'
import ctl from '../../../../../server/modules/ctl/ctl.module.ts'
import { testModules, type TestModules } from '../modules-for-test.ts'

let folder: string
let node: TestModules | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohana-ctl-'))
})
afterEach(async () => {
  await node?.host.stop()
  node?.stop()
  node = null
  rmSync(folder, { recursive: true })
})

async function begin(...values: [string, string | number][]): Promise<TestModules> {
  node = testModules(
    [ctl],
    values.map(([name, value]) => ['ctl', name, value] as const),
  )
  await node.host.start()
  return node
}

const request = (...words: string[]): Buffer =>
  packet(REQUEST, Buffer.from([7]), Buffer.concat(words.map(writeText)))

function values(bytes: Buffer): BinrpcValue[] | string {
  const head = readHead(bytes)
  if (head === null || typeof head === 'string') return 'no packet'
  return readRecords(bytes.subarray(head.headLength, head.headLength + head.bodyLength))
}

/** Sends and reads until the bytes hold so many replies. */
async function exchange(socket: Socket, bytes: Buffer, replies: number): Promise<unknown[]> {
  socket.write(bytes)
  let held = Buffer.alloc(0)
  const found: unknown[] = []
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    held = Buffer.concat([held, chunk as Buffer])
    for (
      let head = readHead(held);
      head !== null && typeof head === 'object';
      head = readHead(held)
    ) {
      const length = head.headLength + head.bodyLength
      if (held.length < length) break
      found.push(values(held.subarray(0, length)))
      held = held.subarray(length)
    }
    if (found.length >= replies) break
  }
  return found
}

describe('BINRPC', () => {
  test('over a Unix stream socket: several requests, replies in order', async () => {
    const path = join(folder, 'ctl')
    await begin(['binrpc', `unix:${path}`])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const socket = connect({ path })
    const both = Buffer.concat([request('core.echo', 'a'), request('core.echo', 'b', 'c')])
    expect(await exchange(socket, both, 2)).toEqual([['a'], ['b', 'c']])
    expect(await exchange(socket, request('ctl.who'), 1)).toEqual([
      ['binrpc', 'unix_stream', '<anonymous unix socket>', '', path, ''],
    ])
    expect(await exchange(socket, request('ctl.connections'), 1)).toEqual([[1]])
    socket.destroy()
  })

  test('over TCP and UDP', async () => {
    const port = await freePort()
    await begin(['binrpc', `tcp:127.0.0.1:${port}`], ['binrpc', `udp:127.0.0.1:${port}`])
    const socket = connect({ host: '127.0.0.1', port })
    const [listening] = await exchange(socket, request('ctl.listen'), 1)
    expect(listening).toEqual(
      ['binrpc', 'tcp', '127.0.0.1', String(port)].concat([
        'binrpc',
        'udp',
        '127.0.0.1',
        String(port),
      ]),
    )
    socket.destroy()
    const datagrams = createSocket('udp4')
    const reply = new Promise<Buffer>(resolve => datagrams.once('message', resolve))
    datagrams.send(request('core.echo', 'x'), port, '127.0.0.1')
    expect(values(await reply)).toEqual(['x'])
    datagrams.close()
  })

  test('bytes that are no packets: a fault, and the connection ends', async () => {
    const path = join(folder, 'ctl')
    await begin(['binrpc', `unix:${path}`])
    const socket = connect({ path })
    expect(await exchange(socket, Buffer.from('GET / HTTP/1.0\r\n\r\n'), 1)).toEqual([
      [400, 'bad request: corrupted packet'],
    ])
    await new Promise(resolve => socket.once('close', resolve))
  })

  test('ctl.who and ctl.connections are for callers over ctl', async () => {
    const { core } = await begin(['binrpc', `unix:${join(folder, 'ctl')}`])
    const elsewhere = {
      transport: 'datagram',
      strictness: { convert: false, skipWrongOptional: false },
      connection: null,
    } as const
    expect(() => core.rpc.call('ctl.who', [], elsewhere)).toThrow('only over binrpc (ctl)')
  })
})

describe('the line protocol', () => {
  const lines = (...words: string[]): string => `${words.join('\n')}\n\n`

  test('over a stream socket', async () => {
    const path = join(folder, 'lines')
    await begin(['fifo', `unix:${path}`])
    const socket = connect({ path })
    socket.end(
      lines(':core.echo:', 'a\\nb', 'x:y,z') +
        lines(':system.methodHelp:', 'nosuch') +
        lines(':nosuch:') +
        lines(':core.udp4_raw_info:'),
    )
    expect(await text(socket)).toBe(
      '200 OK\na\\nb\nx\\oy\\cz\n' +
        '400 command not found\n' +
        "500 Command 'nosuch' not found\n" +
        '200 OK\nudp4_raw:0,udp4_raw_mtu:1500,udp4_raw_ttl:-1\n',
    )
  })

  test('over a FIFO, the reply into another one', async () => {
    const path = join(folder, 'lines')
    await begin(['fifo', path])
    const name = `ohana-test-${process.pid}`
    execFileSync('mkfifo', [`/tmp/${name}`])
    const reader = spawn('cat', [`/tmp/${name}`])
    writeFileSync(path, lines(`:core.echo:${name}`, 'hello'))
    expect(await text(reader.stdout)).toBe('200 OK\nhello\n')
    rmSync(`/tmp/${name}`)
  })

  test('what is no command is logged and not answered', async () => {
    const path = join(folder, 'lines')
    const { core } = await begin(['fifo', `unix:${path}`])
    const socket = connect({ path })
    socket.end(lines('core.uptime'))
    expect(await text(socket)).toBe('')
    expect(core.log.tail(1)[0]!.text).toBe('fifo: Command must begin with :: core.uptime')
  })
})
