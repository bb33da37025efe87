// A SIP phone on loopback for tests: it sends what the test says, byte for byte, and keeps what
// comes. It knows sockets and nothing of transactions; kit/caller.ts adds the manners of a phone.
import { type Socket as Datagram, createSocket } from 'node:dgram'
import { type Server, type Socket, createServer, connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { SipText, frame } from './sip-text.ts'
import { PATIENCE_MS } from './patience.ts'

export type Transport = 'udp' | 'tcp'

export type Received = {
  message: SipText
  /** Where it came from, host:port. */
  from: string
  at: number
  /** The same bytes came before. */
  again: boolean
  /** Sends bytes back the way the message came. */
  answer: (text: string) => void
}

export const bracket = (host: string) => (host.includes(':') ? `[${host}]` : host)

export class Phone {
  readonly transport: Transport
  readonly host: string
  port = 0
  /** What came and was not yet taken. */
  readonly inbox: Received[] = []
  /** Connections that the other side closed. */
  closed = 0
  readonly #seen = new Set<string>()
  readonly #waiting: (() => void)[] = []
  readonly #connections = new Map<string, Socket>()
  #datagram: Datagram | null = null
  #listener: Server | null = null

  private constructor(transport: Transport, host: string) {
    this.transport = transport
    this.host = host
  }

  static async open(transport: Transport = 'udp', host = '127.0.0.1', port = 0): Promise<Phone> {
    const phone = new Phone(transport, host)
    await (transport === 'udp' ? phone.#bind(port) : phone.#listen(port))
    return phone
  }

  get open(): boolean {
    return this.#datagram !== null || this.#listener !== null
  }

  get address(): string {
    return `${bracket(this.host)}:${this.port}`
  }

  /** Sends bytes to host and port; over TCP a connection stays open for the next message. */
  async send(text: string, host: string, port: number): Promise<void> {
    if (this.transport === 'udp') return this.#sendDatagram(Buffer.from(text, 'latin1'), host, port)
    const key = `${bracket(host)}:${port}`
    const open = this.#connections.get(key) ?? (await this.#connect(host, port))
    open.write(text, 'latin1')
  }

  /** Takes the next message that the test accepts, the others stay; undefined when none comes. */
  async take(accepts: (got: Received) => boolean, withinMs: number): Promise<Received | undefined> {
    const until = Date.now() + withinMs
    for (;;) {
      const index = this.inbox.findIndex(accepts)
      if (index >= 0) return this.inbox.splice(index, 1)[0]
      const left = until - Date.now()
      if (left <= 0) return undefined
      await Promise.race([pause(left), new Promise<void>(wake => this.#waiting.push(wake))])
    }
  }

  /** Takes the next message whose first line matches, or fails with what came instead. */
  async expect(pattern: RegExp, withinMs = PATIENCE_MS): Promise<Received> {
    const got = await this.take(({ message }) => pattern.test(message.first), withinMs)
    if (got) return got
    const instead = this.inbox.map(({ message }) => message.first).join(' | ') || 'nothing'
    throw new Error(`${this.address} got no ${pattern} within ${withinMs} ms, but ${instead}`)
  }

  /** Closes its connections, as a phone that leaves the network does. */
  hangUp(): void {
    for (const connection of this.#connections.values()) connection.destroySoon()
    this.#connections.clear()
  }

  /** Says that nothing more comes; resolves when the others have read it all and closed too. */
  async finish(): Promise<void> {
    const closing = [...this.#connections.values()].map(connection => {
      const closed = new Promise<void>(resolve => connection.once('close', () => resolve()))
      connection.end()
      return closed
    })
    await Promise.all(closing)
  }

  async close(): Promise<void> {
    this.hangUp()
    const datagram = this.#datagram
    const listener = this.#listener
    this.#datagram = null
    this.#listener = null
    if (datagram) await new Promise<void>(resolve => datagram.close(resolve))
    if (listener) await new Promise<void>(resolve => listener.close(() => resolve()))
  }

  #sendDatagram(bytes: Buffer, host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = (error: Error | null) => (error ? reject(error) : resolve())
      this.#datagram?.send(bytes, port, host, sent)
    })
  }

  #bind(port: number): Promise<void> {
    const socket = createSocket(this.host.includes(':') ? 'udp6' : 'udp4')
    this.#datagram = socket
    socket.on('message', (data, { address, port }) => {
      const answer = (text: string) => socket.send(Buffer.from(text, 'latin1'), port, address)
      this.#receive(data.toString('latin1'), `${bracket(address)}:${port}`, answer)
    })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, this.host, () => {
        this.port = socket.address().port
        resolve()
      })
    })
  }

  #listen(port: number): Promise<void> {
    const server = createServer(socket => this.#read(socket))
    this.#listener = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, this.host, () => {
        const bound = server.address()
        if (bound && typeof bound === 'object') this.port = bound.port
        resolve()
      })
    })
  }

  #connect(host: string, port: number): Promise<Socket> {
    const socket = connect({ host, port, localAddress: this.host })
    this.#read(socket)
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(socket))
    })
  }

  #read(socket: Socket): void {
    let stream = ''
    let peer = ''
    const register = () => {
      peer = `${bracket(socket.remoteAddress ?? '')}:${socket.remotePort}`
      this.#connections.set(peer, socket)
    }
    if (socket.connecting) socket.once('connect', register)
    else register()
    socket.on('data', data => {
      // RFC 5626 4.4.1 keep-alives and stray line ends between messages are not messages.
      stream = (stream + data.toString('latin1')).replace(/^(\r\n)+/, '')
      for (let size = frame(stream); size > 0; size = frame(stream)) {
        this.#receive(stream.slice(0, size), peer, text => void socket.write(text, 'latin1'))
        stream = stream.slice(size).replace(/^(\r\n)+/, '')
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed++
      if (this.#connections.get(peer) === socket) this.#connections.delete(peer)
      this.#wake()
    })
  }

  #receive(text: string, from: string, answer: (text: string) => void): void {
    const again = this.#seen.has(text)
    this.#seen.add(text)
    this.inbox.push({ message: new SipText(text), from, at: Date.now(), again, answer })
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
