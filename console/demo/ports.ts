/** Free ports on loopback. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const HOST = '127.0.0.1'
const HIGHEST = 65_535

function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  return new Promise(resolve => {
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: HOST, exclusive: true }, () => socket.close(() => resolve(true)))
  })
}

function tcpIsFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** The first free port from this one on that nobody has been given yet. */
export async function freePort(
  first: number,
  step: number,
  taken: readonly number[] = [],
): Promise<number> {
  for (let port = first; port <= HIGHEST; port += step) {
    if (taken.includes(port)) continue
    if ((await udpIsFree(port)) && (await tcpIsFree(port))) return port
  }
  throw new Error(`no free port from ${first} on`)
}
