// What must be written before anything leaves: tried on sockets of both kinds.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultCoreParams } from '../../../../server/core/params.ts'
import { systemClock } from '../../../../server/lib/clock.ts'
import { Gate } from '../../../../server/net/gate.ts'
import { TcpTransport } from '../../../../server/net/tcp.ts'
import { UdpListener } from '../../../../server/net/udp.ts'
import { UdpBatchListener, udpBatchAvailable } from '../../../../server/net/udp-batch.ts'
import { socketInfo, TCP, UDP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

const closing: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of closing.splice(0)) await thing.close()
})

const events = { onMessage: () => undefined, onError: () => undefined }

describe.for(udpBatchAvailable() ? (['dgram', 'batched'] as const) : (['dgram'] as const))(
  'over %s',
  kind => {
    async function open(gate: Gate) {
      const peer = createSocket('udp4')
      const got: string[] = []
      peer.on('message', bytes => got.push(bytes.toString('latin1')))
      peer.bind(0, '127.0.0.1')
      await once(peer, 'listening')
      const info = socketInfo(UDP, '127.0.0.1', await freePort(), null, '')
      const listener =
        kind === 'batched'
          ? new UdpBatchListener(info, events, systemClock, gate)
          : new UdpListener(info, events, gate)
      await listener.listen()
      closing.push(listener, peer)
      const { port } = peer.address()
      return { got, send: (text: string) => listener.send(text, '127.0.0.1', port) }
    }

    test('the gate is asked before the first byte leaves', async () => {
      const gate = new Gate()
      const { got, send } = await open(gate)
      const story: string[] = []
      gate.check = () => {
        story.push(`written with ${got.length} arrived`)
        return true
      }
      for (const text of ['one', 'two', 'three']) send(text)
      await expect.poll(() => got).toEqual(['one', 'two', 'three'])
      expect(story[0]).toBe('written with 0 arrived')
      expect(story.length).toBe(kind === 'batched' ? 1 : 3)
    })

    test('nothing leaves through a shut gate', async () => {
      const gate = new Gate()
      const { got, send } = await open(gate)
      gate.check = () => false
      send('withheld')
      await new Promise(resolve => setImmediate(resolve))
      gate.check = () => true
      send('later')
      await expect.poll(() => got).toEqual(['later'])
    })
  },
)

describe('over a stream', () => {
  async function open(gate: Gate) {
    const info = socketInfo(TCP, '127.0.0.1', await freePort(), null, '')
    const failed: string[] = []
    const transport = new TcpTransport(
      {
        onMessage: () => undefined,
        onError: () => undefined,
        onSendFailed: (_proto, ip, port) => failed.push(`${ip}:${port}`),
      },
      defaultCoreParams(),
      () => systemClock.monotonic(),
      gate,
    )
    await transport.listen(info)
    const peer = connect(info.port, '127.0.0.1')
    await once(peer, 'connect')
    let got = ''
    peer.on('data', bytes => (got += bytes.toString('latin1')))
    closing.push(transport, { close: () => peer.destroy() })
    await expect.poll(() => transport.connections().length).toBe(1)
    const [connection] = transport.connections()
    const send = (text: string) =>
      transport.send(
        text,
        { proto: TCP, ip: '127.0.0.1', port: 1, connection: connection!.id, socket: null },
        () => null,
      )
    return { send, got: () => got }
  }

  test('the gate is asked once for all that leaves in a turn, before it does', async () => {
    const gate = new Gate()
    const { send, got } = await open(gate)
    const story: string[] = []
    gate.check = () => {
      story.push(got())
      return true
    }
    for (const text of ['one ', 'two ', 'three']) send(text)
    await expect.poll(got).toBe('one two three')
    expect(story).toEqual([''])
  })

  test('what a shut gate withholds leaves later, because nobody repeats it', async () => {
    const gate = new Gate()
    const { send, got } = await open(gate)
    gate.check = () => false
    send('withheld')
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    expect(got()).toBe('')
    gate.check = () => true
    await expect.poll(got).toBe('withheld')
  })
})
