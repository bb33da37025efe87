/** From an HTTP connection to a WebSocket: the frames are the library's (RFC 6455, RFC 7118). */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { type SocketInfo, socketInfo, TLS, WS, WSS } from '../sip/transport.ts'

/** A handshake that has been found good. */
export interface UpgradeRequest {
  /** Of the client's header Sec-WebSocket-Key. */
  readonly key: string
  /** The one of the client's protocols that is spoken. */
  readonly protocol: string
  /** More header lines of the answer, without line ends. */
  readonly headers: readonly string[]
  /** Called with the WebSocket, for pings and closing. */
  readonly onOpen: (socket: SipWebSocket) => void
}

/** Largest message, bytes: as in Kamailio. */
const MESSAGE_LIMIT = 65_535

/** What is said behind the status, in Kamailio's words. */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'Protocol error',
  1007: 'Invalid payload',
  1009: 'Message too big',
}

/** Says in words, too, why it ends the connection, and counts what is no message. */
export class SipWebSocket extends WebSocket {
  /** Pings, pongs and close frames that have left. */
  controlFramesSent = 0

  override close(code?: number, reason: string | Buffer | undefined = REASONS[code ?? 0]): void {
    if (this.readyState === WebSocket.OPEN) this.controlFramesSent++
    super.close(code, reason)
  }

  override ping(data?: Buffer): void {
    this.controlFramesSent++
    super.ping(data)
  }

  override pong(data?: Buffer): void {
    this.controlFramesSent++
    super.pong(data)
  }
}

/** The same address as a socket of `ws` or `wss`: what Via and Record-Route name. */
export function webSocketTwin(info: SocketInfo): SocketInfo {
  const known = twins.get(info)
  if (known !== undefined) return known
  const advertised = { host: info.advertisedHost, port: info.advertisedPort }
  const proto = info.proto === TLS ? WSS : WS
  const via = { host: info.viaHost, port: info.viaPort }
  const { address, port, name, givenHost: host, virtual } = info
  const twin = socketInfo(proto, address, port, advertised, name, via, { host, virtual })
  twins.set(info, twin)
  return twin
}
const twins = new WeakMap<SocketInfo, SocketInfo>()

export function upgradeToWebSocket(
  socket: Socket,
  rest: string,
  request: UpgradeRequest,
  events: {
    onMessage(text: string): void
    /** May so many bytes more wait for the client? */
    mayAnswer(bytes: number): boolean
  },
): SipWebSocket | null {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: MESSAGE_LIMIT,
    WebSocket: SipWebSocket,
    handleProtocols: () => request.protocol,
  })
  server.on('headers', lines => lines.push(...request.headers))
  const handshake = {
    method: 'GET',
    url: '/',
    headers: {
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': request.key,
      'sec-websocket-version': '13',
      'sec-websocket-protocol': request.protocol,
    },
    socket,
  } as unknown as IncomingMessage
  const made: { socket: SipWebSocket | null } = { socket: null }
  server.handleUpgrade(handshake, socket, Buffer.from(rest, 'latin1'), webSocket => {
    made.socket = webSocket
    webSocket.on('message', data => {
      const text = (data as Buffer).toString('latin1')
      // RFC 7118 section 6: a client may keep its connection open with the double line ends of
      // RFC 5626, and waits for a single one.
      if (text === '\r\n\r\n') {
        if (events.mayAnswer(text.length)) webSocket.send('\r\n')
      } else if (text !== '\r\n') events.onMessage(text)
    })
    // Who asks without end and reads no answer gets no more of them.
    webSocket.on('ping', data => {
      if (events.mayAnswer(data.length)) webSocket.pong(data)
    })
    // What is wrong with a frame ends the connection; the close event tells the rest. Our side of
    // it only: what the client still sends would take the close frame from it, which says why.
    webSocket.on('error', () => socket.end())
    request.onOpen(webSocket)
  })
  return made.socket
}
