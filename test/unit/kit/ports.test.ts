// A port belongs to the file that was given it: another process gets none of its block.
import { createSocket } from 'node:dgram'
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { freePair, freePort } from '../../kit/ports.ts'

const PORTS = new URL('../../kit/ports.ts', import.meta.url).href

/** All that another process is given of a range. */
function others(first: number, last: number, count: number): string {
  const give = `for (let i = 0; i < ${count}; i++) console.log(await freePort(${first}, ${last}))`
  const script = `import { freePair, freePort } from '${PORTS}'; ${give}`
  return execFileSync('node', ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('ports asked for at once are all different, and can be bound', async () => {
  const ports = await Promise.all(Array.from({ length: 30 }, () => freePort()))
  expect(new Set(ports).size).toBe(30)
  const socket = createSocket('udp4')
  await new Promise<void>(done => socket.bind(ports[29], '127.0.0.1', done))
  await new Promise<void>(done => socket.close(done))
})

test('pairs asked for at once have two ports each', async () => {
  const firsts = await Promise.all([freePair(), freePair(), freePair()])
  expect(new Set(firsts.flatMap(first => [first, first + 1])).size).toBe(6)
})

test('another process is given none of a block that is held', async () => {
  // Two blocks of twenty ports: one is here, the other there, and then there is none.
  const own = await freePort(12_000, 12_039)
  const given = others(12_000, 12_039, 19).trim().split('\n').map(Number)
  expect(given).toHaveLength(19)
  expect(given.filter(port => port < 12_020 === own < 12_020)).toEqual([])
  expect(() => others(12_000, 12_039, 20)).toThrow('every port between 12000 and 12039 is taken')
})
