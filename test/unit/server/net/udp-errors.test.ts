// Datagrams that come back: to which place they went, and how they began.
import { createSocket } from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../../server/lib/clock.ts'
import { UdpBatchListener } from '../../../../server/net/udp-batch.ts'
import { socketInfo, UDP } from '../../../../server/sip/transport.ts'
import { freePort } from '../../../kit/ports.ts'

async function listen(address: string) {
  const came: string[] = []
  const returned: string[] = []
  let wake = (): void => undefined
  const info = socketInfo(UDP, address, await freePort(), null, '')
  const listener = new UdpBatchListener(
    info,
    {
      onMessage: text => {
        came.push(text)
        wake()
      },
      onError: (_info, error) => {
        throw error
      },
    },
    systemClock,
  )
  await listener.listen()
  onTestFinished(() => listener.close())
  listener.watchErrors((ip, port, quoted) => {
    returned.push(`${ip} ${port} ${quoted}`)
    wake()
  })
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>(resolve => (wake = resolve))
  }
  return { listener, info, came, returned, until }
}

test.for(['127.0.0.1', '::1'])('nobody listens there: %s', async address => {
  const { listener, returned, until } = await listen(address)
  const port = await freePort()
  listener.send('OPTIONS sip:nobody', address, port)
  await until(() => returned.length > 0)
  expect(returned).toEqual([`${address} ${port} OPTIONS sip:nobody`])
})

test('the others get theirs all the same, and answers are heard', async () => {
  const { listener, info, came, returned, until } = await listen('127.0.0.1')
  const dead = await freePort()
  const peer = createSocket('udp4')
  await new Promise<void>(done => peer.bind(0, '127.0.0.1', done))
  onTestFinished(() => void peer.close())
  peer.on('message', text => peer.send(text, info.port, '127.0.0.1'))
  const wanted: string[] = []
  for (let i = 0; i < 200; i++) {
    wanted.push(`message ${i}`)
    listener.send(`message ${i}`, '127.0.0.1', peer.address().port)
    if (i % 5 === 0) listener.send(`lost ${i}`, '127.0.0.1', dead)
    // Turns of the loop, so that errors come between the datagrams.
    if (i % 20 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await until(() => came.length === 200)
  expect(came).toEqual(wanted)
  await until(() => returned.length > 0)
  expect(returned[0]).toBe(`127.0.0.1 ${dead} lost 0`)
  expect(listener.lost).toBe(0)
})
