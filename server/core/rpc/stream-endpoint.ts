/** `<run_dir>/ohana_rpc.sock`: JSON-RPC 2.0, one text a line, for kamctl and the console. */
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { LineSplitter } from '../../../rpc/wire/lines.ts'
import type { Core } from '../core.ts'
import { JsonRpcPeer, jsonRpcServer, type PeerSocket } from './json-rpc.ts'

const LONGEST_REQUEST = 4 * 1024 * 1024
/** Owner and group may use it, as Kamailio's own sockets. */
const MASK = 0o117
const NEWLINE = Buffer.from('\n')

export class StreamEndpoint {
  readonly path: string
  private readonly core: Core
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(core: Core, path: string) {
    this.core = core
    this.path = path
    const rpc = jsonRpcServer(core.rpc)
    this.server = createServer(socket => this.accept(socket, new StreamSocket(socket), rpc))
  }

  /** Rejects with a sentence when the path is not ours to take. */
  async open(): Promise<void> {
    if (await answers(this.path)) throw new Error(`${this.path}: another node listens here`)
    await rm(this.path, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      // The socket file is made inside listen(): nobody can connect before its mode is right.
      const mask = process.umask(MASK)
      this.server.listen({ path: this.path, backlog: 128 }, () => {
        this.server.off('error', reject)
        this.server.on('error', error =>
          this.core.log.error('rpc', `${this.path}: ${error.message}`),
        )
        resolve()
      })
      process.umask(mask)
    })
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise<void>(resolve => this.server.close(() => resolve()))
  }

  private accept(
    socket: Socket,
    peerSocket: PeerSocket,
    rpc: ReturnType<typeof jsonRpcServer>,
  ): void {
    const peer = new JsonRpcPeer(rpc, 'stream', peerSocket)
    const lines = new LineSplitter(LONGEST_REQUEST)
    this.sockets.add(socket)
    socket.on('data', (chunk: Buffer) => {
      const complete = lines.push(chunk)
      if (complete === null) socket.destroy()
      else for (const line of complete) if (line.trim() !== '') void peer.receive(line)
    })
    // A caller that goes away is no event: 'close' follows.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.sockets.delete(socket)
      peer.end()
    })
  }
}

class StreamSocket implements PeerSocket {
  private readonly socket: Socket
  constructor(socket: Socket) {
    this.socket = socket
  }
  write(bytes: Buffer): void {
    this.socket.write(Buffer.concat([bytes, NEWLINE]))
  }
  get unsent(): number {
    return this.socket.writableLength
  }
  destroy(): void {
    this.socket.destroy()
  }
}

/**
 * Does somebody listen on this socket file? A file left behind by a node that died does not answer.
 */
function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}
