import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Pace, RestingStreams } from '../../../../server/net/rest.ts'
import { until } from '../../../kit/until.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

/** Two ends of a connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const near = connect((server.address() as { port: number }).port, '127.0.0.1')
  const [far] = (await accepted) as [Socket]
  ended.push(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  return [near, far]
}

describe('a busy stream', () => {
  it('is one with a thousand messages a second, until it has fewer', () => {
    const pace = new Pace()
    const busyAfter = (messages: number, time: number): boolean => {
      for (let i = 0; i < messages; i++) pace.count()
      return pace.isBusy(time)
    }
    const answers = [busyAfter(1, 1000), busyAfter(10, 1010), busyAfter(10, 1020)]
    expect(answers).toEqual([false, false, true])
    expect([busyAfter(0, 1030), busyAfter(3, 1040), busyAfter(25, 1060)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('is not read for a while, and gives everything afterwards', async () => {
    const [near, far] = await pair()
    const resting = new RestingStreams()
    let got = ''
    far.on('data', chunk => {
      got += String(chunk)
      resting.add(far, chunk.length)
    })
    near.write('first')
    await until(() => got === 'first')
    const pieces = Array.from({ length: 200 }, (_, i) => `${i},`)
    for (const piece of pieces) near.write(piece)
    await until(() => got === `first${pieces.join('')}`)
    near.end()
    await once(far, 'end')
  })

  it('may be closed while it rests', async () => {
    const [near, far] = await pair()
    const resting = new RestingStreams()
    far.on('error', () => undefined)
    far.on('data', chunk => resting.add(far, chunk.length))
    near.write('x')
    await once(far, 'data')
    far.destroy()
    await once(far, 'close')
    expect(() => {
      resting.wake()
      resting.add(far, 1)
    }).not.toThrow()
  })

  it('does not rest after a large piece', async () => {
    const [near, far] = await pair()
    const resting = new RestingStreams()
    far.on('data', () => resting.add(far, 32 * 1024))
    near.write('x')
    await once(far, 'data')
    near.write('y')
    await once(far, 'data')
    expect(far.bytesRead).toBe(2)
  })
})
