// Ports on loopback that nobody uses, for UDP and TCP at once.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

// Below the range from which the kernel takes ports for everybody else.
const FIRST = 20_000
const LAST = 31_999

/** Each of the two test files that run at once has its own half: a port is free only now. */
function half(): [first: number, last: number] {
  const middle = (FIRST + LAST) >> 1
  return Number(process.env.VITEST_POOL_ID ?? 1) % 2 === 0 ? [middle + 1, LAST] : [FIRST, middle]
}

const LOOPBACKS = ['127.0.0.1', '::1']

/** Of this file: tests that run side by side have not bound theirs yet. */
const given = new Set<number>()

/** A port that is free on every loopback address, for UDP and for TCP; each is given once. */
export async function freePort(...range: [first: number, last: number] | []): Promise<number> {
  const [first, last] = range.length === 2 ? range : half()
  for (let tries = 0; tries < 100; tries++) {
    const port = first + Math.floor(Math.random() * (last - first))
    if (given.has(port)) continue
    given.add(port)
    const free = LOOPBACKS.flatMap(host => [udpFree(host, port), tcpFree(host, port)])
    if ((await Promise.all(free)).every(Boolean)) return port
  }
  throw new Error(`no port between ${first} and ${last} is free`)
}

function udpFree(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  return new Promise(resolve => {
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)))
  })
}

function tcpFree(host: string, port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
