import { createSocket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../server/lib/clock.ts'
import { UdpBatchListener, udpBatchAvailable } from '../../../../server/net/udp-batch.ts'
import { type UdpEvents, UdpListener } from '../../../../server/net/udp.ts'
import { type Received, socketInfo, UDP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

type Listener = UdpListener | UdpBatchListener
const open: Listener[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(listener => listener.close()))
})

interface Arrival {
  text: string
  from: Received
}

async function listen(
  kind: string,
  address: string,
  onMessage: () => void = () => {},
  onRefused: () => void = () => {},
): Promise<{
  listener: Listener
  port: number
  next(count: number): Promise<Arrival[]>
  errors: string[]
  refused: string[]
}> {
  const port = await freePort()
  const arrivals: Arrival[] = []
  const errors: string[] = []
  const refused: string[] = []
  let wake = (): void => {}
  const events: UdpEvents = {
    onMessage: (text, from) => {
      arrivals.push({ text, from })
      onMessage()
      wake()
    },
    onError: (_info, error) => void errors.push(error.message),
    onRefused: (_info, ip, to, quoted) => {
      refused.push(`${ip} ${to} ${quoted}`)
      onRefused()
    },
  }
  const info = socketInfo(UDP, address, port, null, '')
  const listener =
    kind === 'batch'
      ? new UdpBatchListener(info, events, systemClock)
      : new UdpListener(info, events)
  await listener.listen()
  open.push(listener)
  const next = async (count: number): Promise<Arrival[]> => {
    while (arrivals.length < count)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    return arrivals
  }
  return { listener, port, next, errors, refused }
}

it('has the batched transport on this platform', () => {
  expect(udpBatchAvailable()).toBe(process.platform === 'linux')
})

describe.each(['dgram', 'batch'])('UDP by %s', kind => {
  it.each(['127.0.0.1', '::1'])('carries bytes unchanged both ways on %s', async address => {
    const a = await listen(kind, address)
    const b = await listen(kind, address)
    const text = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('')
    a.listener.send(text, address, b.port)
    const [arrival] = await b.next(1)
    expect(a.errors).toEqual([])
    expect(arrival!.text).toBe(text)
    expect([arrival!.from.srcIp, arrival!.from.srcPort, arrival!.from.dstPort]).toEqual([
      address,
      a.port,
      b.port,
    ])
  })

  it('carries a burst longer than a batch, in order, and the longest datagram', async () => {
    const a = await listen(kind, '127.0.0.1')
    const b = await listen(kind, '127.0.0.1')
    for (let i = 0; i < 300; i++) a.listener.send(`message ${i}`, '127.0.0.1', b.port)
    const arrivals = await b.next(300)
    expect(arrivals.map(arrival => arrival.text)).toEqual(
      Array.from({ length: 300 }, (_, i) => `message ${i}`),
    )
    a.listener.send('x'.repeat(65_000), '127.0.0.1', b.port)
    expect((await b.next(301))[300]!.text.length).toBe(65_000)
  })

  it('lets the promises of a message go on at once, not with the next event', async () => {
    const order: string[] = []
    const a = await listen(kind, '127.0.0.1', () => {
      setImmediate(() => order.push('immediate'))
      void Promise.resolve().then(() => order.push('promise'))
    })
    const peer = createSocket('udp4')
    peer.send('OPTIONS', a.port, '127.0.0.1')
    await a.next(1)
    while (order.length < 2) await new Promise(later => setImmediate(later))
    peer.close()
    expect(order).toEqual(['promise', 'immediate'])
  })

  it('sends what is sent instead of what could not leave, also while it receives', async () => {
    const b = await listen(kind, '127.0.0.1')
    const a: Awaited<ReturnType<typeof listen>> = await listen(
      kind,
      '127.0.0.1',
      () => a.listener.send('first', '255.255.255.255', 9),
      () => a.listener.send('instead', '127.0.0.1', b.port),
    )
    b.listener.send('OPTIONS', '127.0.0.1', a.port)
    expect((await b.next(1))[0]!.text).toBe('instead')
    expect(a.refused).toEqual(['255.255.255.255 9 first'])
  })

  it('tells what cannot leave and where it was to go, and the others go on', async () => {
    const a = await listen(kind, '127.0.0.1')
    const b = await listen(kind, '127.0.0.1')
    // From an address of loopback nothing leaves the machine.
    for (const text of ['one', 'two']) a.listener.send(text, '192.0.2.1', 5060)
    a.listener.send('three', '127.0.0.1', b.port)
    const arrivals = await b.next(1)
    expect(arrivals.map(arrival => arrival.text)).toEqual(['three'])
    const failed = 'sending to 192.0.2.1:5060 failed: invalid argument'
    expect(a.errors).toEqual([failed, failed])
    expect(a.refused).toEqual(['192.0.2.1 5060 one', '192.0.2.1 5060 two'])
    expect('lost' in a.listener ? a.listener.lost : 2).toBe(2)
  })

  it('is not woken by keep-alives', async () => {
    const a = await listen(kind, '127.0.0.1')
    const peer = createSocket('udp4')
    for (const text of ['\r\n\r\n', '\0', '']) peer.send(text, a.port, '127.0.0.1')
    peer.send('OPTIONS', a.port, '127.0.0.1')
    const arrivals = await a.next(1)
    peer.close()
    expect(arrivals.map(arrival => arrival.text)).toEqual(['OPTIONS'])
  })

  it('says that an address is taken', async () => {
    const a = await listen(kind, '127.0.0.1')
    const info = socketInfo(UDP, '127.0.0.1', a.port, null, '')
    const events = { onMessage: () => {}, onError: () => {} }
    const second =
      kind === 'batch'
        ? new UdpBatchListener(info, events, systemClock)
        : new UdpListener(info, events)
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
