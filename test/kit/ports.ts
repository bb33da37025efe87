// Ports on loopback that nobody uses, for UDP and TCP at once. A test file takes them from blocks
// that are its own until it ends, whoever else runs tests on the machine at the same time: a port
// that was merely free when it was chosen may be somebody's when it is bound.
import { createSocket, type Socket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the range from which the kernel takes ports for everybody else, and above the ports of
 * recorded facts, which are always the same.
 */
const USUAL = [26_000, 31_999] as const
/** Of a block the first port is bound for as long as the block is held, the others are given. */
const BLOCK = 20

const LOOPBACKS = ['127.0.0.1', '::1']

type Range = readonly [first: number, last: number]

/** What holds the blocks: the kernel would take back a socket that nobody knows. */
const holders: Socket[] = []
/** Ports of this file's blocks that were not given yet, by range. */
const left = new Map<string, number[]>()
/** Tests that run side by side take from a range one after the other. */
let before: Promise<unknown> = Promise.resolve()

/** A port that is free on every loopback address, for UDP and for TCP; each is given once. */
export function freePort(...range: Range | []): Promise<number> {
  return inTurn(() => nextFree(range.length === 2 ? range : USUAL))
}

/** The first of two neighbours: for a phone that takes the port above its own for TLS. */
export function freePair(): Promise<number> {
  return inTurn(async () => {
    let first = await nextFree(USUAL)
    for (;;) {
      const second = await nextFree(USUAL)
      if (second === first + 1) return first
      first = second
    }
  })
}

function inTurn(find: () => Promise<number>): Promise<number> {
  const found = before.then(find)
  before = found.catch(() => undefined)
  return found
}

async function nextFree(range: Range): Promise<number> {
  const name = range.join()
  for (;;) {
    const ports = left.get(name) ?? []
    if (ports.length === 0) ports.push(...(await claimBlock(range)))
    left.set(name, ports)
    const port = ports.shift()!
    const free = LOOPBACKS.flatMap(host => [udpFree(host, port), tcpFree(host, port)])
    if ((await Promise.all(free)).every(Boolean)) return port
  }
}

/** Holds a block that nobody else holds; the kernel gives it back when this process ends. */
async function claimBlock([first, last]: Range): Promise<number[]> {
  const blocks = Math.floor((last + 1 - first) / BLOCK)
  const begin = Math.floor(Math.random() * blocks)
  for (let i = 0; i < blocks; i++) {
    const start = first + ((begin + i) % blocks) * BLOCK
    if (await hold(start)) return Array.from({ length: BLOCK - 1 }, (_, at) => start + 1 + at)
  }
  throw new Error(`every port between ${first} and ${last} is taken`)
}

/** For a file whose ports are always the same: waits until no other run of the tests holds this. */
export async function holdPort(port: number): Promise<void> {
  while (!(await hold(port))) await new Promise(later => setTimeout(later, 50))
}

function hold(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref()
  return new Promise(resolve => {
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      holders.push(socket)
      resolve(true)
    })
  })
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
