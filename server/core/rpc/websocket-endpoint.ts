/**
 * `ws://127.0.0.1:port/`: JSON-RPC 2.0 for consoles that are not on this machine's file system.
 * Loopback only: there is no authentication here, a remote console comes through ssh. Browsers are
 * refused, because any web page could use them to reach us.
 */
import { createServer, type Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Core } from '../core.ts'
import { JsonRpcPeer, jsonRpcServer, type PeerSocket } from './json-rpc.ts'

const LONGEST_REQUEST = 4 * 1024 * 1024

export class WebSocketEndpoint {
  private readonly core: Core
  private readonly host: string
  private readonly port: number
  private readonly http: Server
  private readonly sockets: WebSocketServer

  constructor(core: Core, host: string, port: number) {
    this.core = core
    this.host = host
    this.port = port
    this.http = createServer((_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket' }).end()
    })
    this.sockets = new WebSocketServer({
      server: this.http,
      maxPayload: LONGEST_REQUEST,
      perMessageDeflate: false,
      verifyClient: ({ origin }: { origin?: string }) => origin === undefined || origin === '',
    })
    const rpc = jsonRpcServer(core.rpc)
    this.sockets.on('connection', socket => {
      const peer = new JsonRpcPeer(rpc, 'websocket', new MessageSocket(socket))
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003, 'text only')
        else void peer.receive((data as Buffer).toString('utf8'))
      })
      // A caller that goes away is no event: 'close' follows.
      socket.on('error', () => {})
      socket.on('close', () => peer.end())
    })
  }

  /** Port 0 takes a free one; the answer is the endpoint as clients write it. */
  async open(): Promise<string> {
    if (!['127.0.0.1', '::1', 'localhost'].includes(this.host)) {
      throw new Error(
        `${this.host}: RPC over WebSocket has no authentication, so it listens on loopback only`,
      )
    }
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject)
      this.http.listen({ host: this.host, port: this.port }, () => {
        this.http.off('error', reject)
        this.http.on('error', error =>
          this.core.log.error('rpc', `WebSocket endpoint: ${error.message}`),
        )
        resolve()
      })
    })
    const { address, port } = this.http.address() as { address: string; port: number }
    return `ws://${address.includes(':') ? `[${address}]` : address}:${port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate()
    this.sockets.close()
    this.http.closeAllConnections()
    await new Promise<void>(resolve => this.http.close(() => resolve()))
  }
}

class MessageSocket implements PeerSocket {
  private readonly socket: WebSocket
  constructor(socket: WebSocket) {
    this.socket = socket
  }
  write(bytes: Buffer): void {
    this.socket.send(bytes, { binary: false })
  }
  get unsent(): number {
    return this.socket.bufferedAmount
  }
  destroy(): void {
    this.socket.terminate()
  }
}
