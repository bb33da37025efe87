/** One stream to a peer: TCP or TLS, and WebSocket once it has been upgraded. */
import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { SocketInfo } from '../sip/transport.ts'
import type { Framing } from './framing.ts'
import { Pace } from './rest.ts'

/** What the runtime keeps behind a socket; that of TLS has the one of the stream below. */
interface Handle {
  readonly _parent?: Handle
  /** Bytes that the kernel did not take. */
  readonly writeQueueSize: number
}

export type ConnectionState = 'connecting' | 'handshake' | 'established' | 'closed'

export class Connection {
  readonly id: number
  /** The socket of ours it belongs to; another transport of the same address after an upgrade. */
  info: SocketInfo
  readonly remoteIp: string
  readonly remotePort: number
  /** A TLSSocket when it is secure. */
  readonly socket: Socket
  /** The peer opened it. */
  readonly passive: boolean
  state: ConnectionState
  /** Nothing was written yet, or what had to wait until then has not left. */
  isNew = true
  /** Something was refused because too much waits, and it is not all sent yet. */
  isFull = false
  /** It broke while something waited that the peer did not get. */
  hasUnsent = false
  /** Milliseconds, when something last went over it. */
  lastUsed: number
  readonly framing: Framing
  readonly pace = new Pace()
  /** Cuts the stream into messages in place of `framing` after an upgrade (RFC 7118). */
  webSocket: WebSocket | null = null
  framesSent = 0
  /** More ports of the peer for which it is used (RFC 5923, tcp_accept_aliases). */
  aliasPorts: number[] | null = null
  /** Seconds without use until it is closed; negative: as tcp_connection_lifetime says. */
  lifetime = -1
  /** Milliseconds, when the message began that has not ended; negative when there is none. */
  partialSince = -1
  /** What was sent in this turn of the loop and goes out in one piece at its end. */
  private unwritten = ''
  private writtenBefore = 0
  private stuckSince = -1

  constructor(
    id: number,
    info: SocketInfo,
    remoteIp: string,
    remotePort: number,
    socket: Socket,
    passive: boolean,
    state: ConnectionState,
    framing: Framing,
    now: number,
  ) {
    this.id = id
    this.info = info
    this.remoteIp = remoteIp
    this.remotePort = remotePort
    this.socket = socket
    this.passive = passive
    this.state = state
    this.lastUsed = now
    this.framing = framing
  }

  /** Of our end: a connection that we open has a port of its own. */
  get localPort(): number {
    return this.passive ? this.info.port : (this.socket.localPort ?? this.info.port)
  }

  /** Will what is written go anywhere? Not when either side has begun to close it. */
  get isUsable(): boolean {
    const { socket, webSocket } = this
    return socket.writable && (webSocket === null || webSocket.readyState === webSocket.OPEN)
  }

  /** Has the peer taken nothing of what waits for it, for so many milliseconds? */
  isStuck(now: number, milliseconds: number): boolean {
    const { writableLength, bytesWritten } = this.socket
    const gone = bytesWritten - writableLength
    if (writableLength === 0 || gone !== this.writtenBefore || this.stuckSince < 0)
      this.stuckSince = writableLength === 0 ? -1 : now
    this.writtenBefore = gone
    return this.stuckSince >= 0 && now - this.stuckSince > milliseconds
  }

  /** Does the kernel take nothing more, because the peer does not? */
  get isHeldBack(): boolean {
    const handle = (this.socket as unknown as { readonly _handle: Handle | null })._handle
    return handle !== null && (handle._parent ?? handle).writeQueueSize > 0
  }

  /** Bytes that wait here or in the stream. */
  get waiting(): number {
    return this.unwritten.length + this.socket.writableLength
  }

  /**
   * Takes a whole message; the kernel and the peer get it when they can. True when `flush` is to
   * be called at the end of this turn: all messages of a turn leave in one write.
   */
  write(text: string): boolean {
    if (this.webSocket === null) {
      const first = this.unwritten === ''
      this.unwritten = first ? text : this.unwritten + text
      return first
    }
    // RFC 6455 section 5.6: a text frame holds UTF-8, everything else goes in a binary one.
    const bytes = Buffer.from(text, 'latin1')
    this.framesSent++
    this.webSocket.send(bytes, { binary: !isUtf8(bytes) })
    return false
  }

  /** Hands what `write` took to the stream. */
  flush(): void {
    // What cannot be written any more stays, so that it is told of.
    if (this.unwritten === '' || !this.socket.writable) return
    this.socket.write(this.unwritten, 'latin1')
    this.unwritten = ''
  }
}
