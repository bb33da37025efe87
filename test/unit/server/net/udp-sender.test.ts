// Datagrams in a row to one place leave as segments of one message, and arrive as they were queued.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../server/lib/clock.ts'
import { Gate } from '../../../../server/net/gate.ts'
import { UdpBatchListener } from '../../../../server/net/udp-batch.ts'
import type { Refused } from '../../../../server/net/udp-refused.ts'
import { HEADER_BYTES } from '../../../../server/net/udp-ring.ts'
import { UdpSender } from '../../../../server/net/udp-sender.ts'
import { socketInfo, UDP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

const AF_INET = 2
const EIO = 5
const EAGAIN = 11

/**
 * A sender whose kernel writes down how many datagrams each message has, and may refuse several.
 */
function recorded(refusesSeveral = 0): {
  sender: UdpSender
  calls: number[][]
  errors: Refused[]
  gate: Gate
} {
  const calls: number[][] = []
  const errors: Refused[] = []
  const sendmmsg = (_fd: number, headers: Buffer, count: number): number => {
    const several = Array.from({ length: count }, (_, i) =>
      headers.readUInt32LE(i * HEADER_BYTES + 24),
    )
    calls.push(several)
    const refused = refusesSeveral === 0 ? -1 : several.findIndex(datagrams => datagrams > 1)
    return refused < 0 ? count : refused === 0 ? -1 : refused
  }
  const koffi = { address: () => 0n, errno: () => refusesSeveral }
  const gate = new Gate()
  const sender = new UdpSender(koffi, { sendmmsg }, gate, AF_INET, one => errors.push(one))
  return { sender, calls, errors, gate }
}

describe('what goes into one message', () => {
  const cases: [string, [number, number, string?][], number[]][] = [
    [
      'one place and one length',
      [
        [100, 1],
        [100, 1],
        [100, 1],
      ],
      [3],
    ],
    [
      'the last may be shorter',
      [
        [100, 1],
        [90, 1],
        [90, 1],
      ],
      [2, 1],
    ],
    [
      'none is longer',
      [
        [100, 1],
        [101, 1],
        [101, 1],
      ],
      [1, 2],
    ],
    [
      'another port',
      [
        [100, 1],
        [100, 2],
        [100, 1],
      ],
      [1, 1, 1],
    ],
    [
      'another address',
      [
        [100, 1],
        [100, 1, '192.0.2.2'],
        [100, 1, '192.0.2.2'],
      ],
      [1, 2],
    ],
    [
      'too long for a segment',
      [
        [1300, 1],
        [1300, 1],
      ],
      [1, 1],
    ],
    [
      'nothing in it',
      [
        [0, 1],
        [0, 1],
      ],
      [1, 1],
    ],
  ]
  test.for(cases)('%s', ([, datagrams, messages]) => {
    const { sender, calls } = recorded()
    for (const [length, port, ip = '192.0.2.1'] of datagrams)
      sender.add('x'.repeat(length), ip, port)
    sender.flush()
    expect(calls).toEqual([messages])
    // What was sent is gone, and nothing joins it.
    sender.add('x'.repeat(100), '192.0.2.1', 1)
    sender.flush()
    sender.flush()
    expect(calls.slice(1)).toEqual([[1]])
  })

  test('all slots are full: what comes next begins a message of its own', () => {
    const { sender, calls } = recorded()
    for (let i = 0; i < 20; i++) sender.add('same', '192.0.2.1', 1)
    sender.flush()
    expect(calls).toEqual([[16], [4]])
  })
})

describe('a refusal', () => {
  function sendEight(refusal: number): ReturnType<typeof recorded> {
    const made = recorded(refusal)
    for (const port of [1, 2, 2, 2, 3, 4, 4, 5]) made.sender.add('same', '192.0.2.1', port)
    made.sender.flush()
    return made
  }

  test('segments that cannot be made are sent one by one, and no more are asked for', () => {
    const { sender, calls, errors } = sendEight(EIO)
    expect(calls).toEqual([
      [1, 3, 1, 2, 1],
      [3, 1, 2, 1],
      [1],
      [1],
      [1],
      [1, 2, 1],
      [2, 1],
      [1],
      [1],
      [1],
    ])
    expect([sender.lost, errors]).toEqual([0, []])
    sender.add('same', '192.0.2.1', 1)
    sender.add('same', '192.0.2.1', 1)
    sender.flush()
    expect(calls.at(-1)).toEqual([1, 1])
  })

  test('no room: they are lost and counted, and the others go on', () => {
    const { sender, calls, errors } = sendEight(EAGAIN)
    expect(calls).toEqual([[1, 3, 1, 2, 1], [3, 1, 2, 1], [1, 2, 1], [2, 1], [1]])
    expect([sender.lost, errors]).toEqual([5, []])
  })

  test('a closed gate lets nothing out: each datagram counts', () => {
    const { sender, calls, gate } = recorded()
    gate.check = () => false
    for (let i = 0; i < 5; i++) sender.add('same', '192.0.2.1', 1)
    sender.flush()
    expect([calls, sender.lost]).toEqual([[], 5])
  })
})

describe('the real kernel', () => {
  const open: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of open.splice(0)) await close()
  })

  async function pair(address: string): Promise<{
    listener: UdpBatchListener
    refused: string[][]
    peer: Socket
    port: number
    arrived(count: number): Promise<string[]>
  }> {
    const refused: string[][] = []
    const events = {
      onMessage: () => {},
      onError: (_info: unknown, error: Error) => void refused.push([error.message]),
      onRefused: (_info: unknown, ip: string, to: number, quoted: string) =>
        void refused.at(-1)!.push(`${ip} ${to} ${quoted}`),
    }
    const info = socketInfo(UDP, address, await freePort(), null, '')
    const listener = new UdpBatchListener(info, events, systemClock)
    await listener.listen()
    const peer = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    peer.bind(0, address)
    await once(peer, 'listening')
    open.push(
      () => listener.close(),
      () => peer.close(),
    )
    const texts: string[] = []
    peer.on('message', bytes => texts.push(bytes.toString('latin1')))
    const arrived = async (count: number): Promise<string[]> => {
      while (texts.length < count) await once(peer, 'message')
      return texts
    }
    return { listener, refused, peer, port: peer.address().port, arrived }
  }

  const texts = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(i % 10 === 9 ? 300 : 400, '.'))

  test.for(['127.0.0.1', '::1'])('all arrive in order on %s', async address => {
    const { listener, refused, port, arrived } = await pair(address)
    for (const text of texts) listener.send(text, address, port)
    expect(await arrived(texts.length)).toEqual(texts)
    expect([listener.lost, refused]).toEqual([0, []])
  })

  test('a socket without checksums cannot have segments: all arrive as well', async () => {
    const { listener, port, arrived } = await pair('127.0.0.1')
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
    const setsockopt = koffi.load('libc.so.6').func('int setsockopt(int, int, int, void*, int)')
    const [SOL_SOCKET, SO_NO_CHECK] = [1, 11]
    const on = Buffer.from([1, 0, 0, 0])
    expect(setsockopt(listener.descriptor, SOL_SOCKET, SO_NO_CHECK, on, 4)).toBe(0)
    for (const text of texts) listener.send(text, '127.0.0.1', port)
    expect(await arrived(texts.length)).toEqual(texts)
    expect(listener.lost).toBe(0)
  })
})
