/**
 * The sockets and FIFOs of ctl: each takes requests of one protocol and sends the replies back in
 * order.
 */
import { chownSync, lstatSync, rmSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { createServer, isIP, type Server, type Socket } from 'node:net'
import type { Caller } from '../../core/rpc/registry.ts'
import { Fifo } from '../../core/rpc/fifo.ts'
import { UnixDatagram } from '../../core/rpc/unix-datagram.ts'
import { farewell } from './binrpc.ts'
import type { CtlAddress } from './address.ts'
import type { Protocol } from './protocol.ts'

/** A connection as ctl.who shows it. */
export interface OpenConnection {
  readonly protocol: string
  readonly transport: string
  readonly from: readonly [address: string, port: string]
  readonly to: readonly [address: string, port: string]
}

export interface Door {
  close(): Promise<void>
}

export interface DoorSetup {
  readonly at: CtlAddress
  readonly protocol: Protocol
  readonly caller: Caller
  readonly mode: number
  /** -1 leaves what is inherited. */
  readonly user: number
  readonly group: number
  readonly connections: Set<OpenConnection>
  readonly onError: (text: string) => void
}

/** Opens one; rejects with a sentence when the address cannot be had. */
export function openDoor(setup: DoorSetup): Promise<Door> {
  switch (setup.at.transport) {
    case 'unix_stream':
    case 'tcp':
      return openStream(setup)
    case 'udp':
      return openUdp(setup)
    case 'unix_dgram':
      return openUnixDatagram(setup)
    case 'fifo':
      return openFifo(setup)
  }
}

async function openStream(setup: DoorSetup): Promise<Door> {
  const { at } = setup
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(setup, socket)
  })
  if (at.transport === 'tcp')
    await listening(server, { host: at.address || '0.0.0.0', port: at.port })
  else await listenOnPath(server, setup)
  server.on('error', error => setup.onError(error.message))
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(done => server.close(() => done()))
    },
  }
}

async function listenOnPath(server: Server, { at, mode, user, group }: DoorSetup): Promise<void> {
  const path = at.address
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isSocket() === true) rmSync(path)
  // The socket file is made inside listen(): nobody can connect before its mode is right.
  const mask = process.umask(0o777 & ~mode)
  const open = listening(server, { path })
  process.umask(mask)
  await open
  if (user >= 0 || group >= 0) chownSync(path, user, group)
}

function listening(server: Server, where: object): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...where, backlog: 128 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Answers the requests of one connection, one after the other: replies have no other order to be
 * told apart by.
 */
function serve({ at, protocol, caller, connections }: DoorSetup, socket: Socket): void {
  const connection: OpenConnection = {
    protocol: protocol.name,
    transport: at.transport,
    ...(at.transport === 'tcp'
      ? {
          from: [socket.remoteAddress ?? '', String(socket.remotePort)],
          to: [socket.localAddress ?? '', String(socket.localPort)],
        }
      : { from: ['<anonymous unix socket>', ''], to: [at.address, ''] }),
  }
  connections.add(connection)
  const reader = protocol.reader()
  let last: Promise<void> = Promise.resolve()
  const reply = async (request: Buffer): Promise<void> => {
    const bytes = await protocol.answer(request, caller)
    if (bytes !== null && socket.writable) socket.write(bytes)
  }
  socket.on('data', (chunk: Buffer) => {
    const requests = reader.push(chunk)
    for (const request of requests ?? []) last = last.then(() => reply(request))
    if (requests !== null) return
    // No packet can be found in what follows: say so and hang up.
    if (protocol.name === 'binrpc') socket.write(farewell())
    socket.end()
  })
  // A caller that goes away is no event: 'close' follows.
  socket.on('error', () => {})
  socket.on('close', () => connections.delete(connection))
}

async function openUdp({ at, protocol, caller, onError }: DoorSetup): Promise<Door> {
  const socket = createSocket(isIP(at.address) === 6 ? 'udp6' : 'udp4')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address: at.address || '0.0.0.0', port: at.port }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  socket.on('error', error => onError(error.message))
  socket.on('message', (request, from) => {
    void protocol.answer(request, caller).then(bytes => {
      if (bytes === null) return
      socket.send(bytes, from.port, from.address, error => {
        if (error !== null) onError(`reply not sent: ${error.message}`)
      })
    })
  })
  return { close: () => new Promise<void>(done => socket.close(() => done())) }
}

async function openUnixDatagram(setup: DoorSetup): Promise<Door> {
  const { at, protocol, caller, mode, user, group, onError } = setup
  const socket = await UnixDatagram.open({
    path: at.address,
    mode,
    timeoutMs: 2000,
    onMessage: (request, answer) => {
      void protocol.answer(request, caller).then(bytes => {
        if (bytes !== null) answer(bytes)
      })
    },
    onError,
  })
  if (user >= 0 || group >= 0) chownSync(at.address, user, group)
  return { close: () => Promise.resolve(socket.close()) }
}

/** Replies go into the FIFO that the request names: the protocol hands them over itself. */
async function openFifo(setup: DoorSetup): Promise<Door> {
  const { at, protocol, caller, mode, user, group, onError } = setup
  const reader = protocol.reader()
  const fifo = await Fifo.open({
    path: at.address,
    mode,
    user,
    group,
    onText: text => {
      const requests = reader.push(Buffer.from(text, 'latin1'))
      if (requests === null) onError('request too long, dropped')
      for (const request of requests ?? []) void protocol.answer(request, caller)
    },
    onError,
  })
  return { close: () => Promise.resolve(fifo.close()) }
}
