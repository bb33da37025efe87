// A browser phone: JsSIP, over a WebSocket that trusts the test's authority.
import { readFileSync } from 'node:fs'
import JsSIP from 'jssip'
import type { Socket } from 'jssip'
import { WebSocket } from 'ws'

/** What JsSIP asks of a socket, made of the library ws. */
class BrowserSocket {
  readonly url: string
  readonly sip_uri: string
  via_transport: string
  onconnect = (): void => {}
  ondisconnect = (_error: boolean, _code?: number, _reason?: string): void => {}
  ondata = (_data: string): void => {}
  readonly #ca: Buffer | undefined
  #socket: WebSocket | null = null

  constructor(url: string, authority: string | null) {
    this.url = url
    const { protocol, host } = new URL(url)
    this.via_transport = protocol.slice(0, -1).toUpperCase()
    this.sip_uri = `sip:${host};transport=${protocol.slice(0, -1)}`
    this.#ca = authority === null ? undefined : readFileSync(authority)
  }

  connect(): void {
    const options = this.#ca === undefined ? {} : { ca: this.#ca, servername: 'sip.example.org' }
    const socket = new WebSocket(this.url, 'sip', options)
    this.#socket = socket
    socket.on('open', () => this.onconnect())
    socket.on('close', (code, reason) => this.ondisconnect(code !== 1000, code, String(reason)))
    socket.on('message', data => this.ondata(String(data)))
    socket.on('error', () => {})
  }

  disconnect(): void {
    this.#socket?.close()
  }

  send(message: string): boolean {
    this.#socket?.send(message)
    return true
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  isConnecting(): boolean {
    return this.#socket?.readyState === WebSocket.CONNECTING
  }
}

export type BrowserPhone = InstanceType<typeof JsSIP.UA>

/** A phone at `wss://host:port` that is registered; the caller stops it. */
export async function browserPhone(
  url: string,
  aor: string,
  authority: string | null = null,
): Promise<BrowserPhone> {
  const sockets = new BrowserSocket(url, authority) as unknown as Socket
  const phone = new JsSIP.UA({ sockets, uri: aor, register: true, session_timers: false })
  const registered = new Promise<void>((resolve, reject) => {
    phone.on('registered', () => resolve())
    phone.on('registrationFailed', ({ cause }) => reject(new Error(`not registered: ${cause}`)))
  })
  phone.start()
  await registered
  return phone
}
