// A baresip phone, driven over its control socket: JSON in netstrings, commands in, events out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Child, run, start } from './child.ts'
import type { KeyPair } from './certificates.ts'
import { type Transport, bracket } from './phone.ts'
import { freePair, freePort } from './ports.ts'
import type { SipServer } from './server.ts'
import { PATIENCE_MS } from './patience.ts'

/** One event of baresip's ctrl_tcp module: REGISTER_OK, CALL_ESTABLISHED, CALL_CLOSED ... */
export type PhoneEvent = { type: string; param?: string; peeruri?: string }

export type BaresipOptions = {
  user: string
  server: SipServer
  transport?: Transport | 'tls'
  /** For TLS: its certificate, and the authority whose servers it trusts. */
  tls?: { own: KeyPair; authority: string }
  password?: string
}

export class Baresip {
  readonly user: string
  readonly port: number
  readonly child: Child
  readonly events: PhoneEvent[] = []
  readonly #control: Socket
  #buffer = ''

  constructor(user: string, port: number, child: Child, control: Socket) {
    this.user = user
    this.port = port
    this.child = child
    this.#control = control
    control.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    control.on('error', () => undefined)
  }

  /** Gives a command of baresip's menu: dial, hangup ... */
  tell(command: string, params = ''): void {
    const text = JSON.stringify({ command, params })
    this.#control.write(`${Buffer.byteLength(text)}:${text},`)
  }

  /** Waits until it is registered: printed, as this may be before the control socket is there. */
  async registered(): Promise<void> {
    await this.child.printed(/200 OK .*\[\d+ bindings?\]/)
  }

  /** Waits for the next event of a type, or fails with what the phone said and printed. */
  async said(type: string, withinMs = PATIENCE_MS): Promise<PhoneEvent> {
    for (const until = Date.now() + withinMs; Date.now() < until; await pause(20)) {
      const index = this.events.findIndex(event => event.type === type)
      if (index >= 0) return this.events.splice(0, index + 1).at(-1) as PhoneEvent
    }
    const heard = this.events.map(event => event.type).join(' ')
    throw new Error(`${this.user} did not say ${type}, but: ${heard}\n${this.child.output}`)
  }

  close(): void {
    this.#control.destroy()
  }

  #read(text: string): void {
    this.#buffer += text
    for (;;) {
      const colon = this.#buffer.indexOf(':')
      const end = colon + 1 + Number(this.#buffer.slice(0, colon))
      if (colon < 0 || this.#buffer.length <= end) return
      const message = JSON.parse(this.#buffer.slice(colon + 1, end)) as PhoneEvent & {
        event?: boolean
      }
      if (message.event) this.events.push(message)
      this.#buffer = this.#buffer.slice(end + 1)
    }
  }
}

/** Starts a phone that registers at a server; it is ended when the test is over. */
export async function baresip(options: BaresipOptions): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-baresip-'))
  const [port, control] = [await freePair(), await freePort()]
  const secure = options.tls === undefined ? '' : secureLines(folder, options.tls)
  const config = configText(options.server.host, port, control) + secure
  writeFileSync(join(folder, 'config'), config)
  writeFileSync(join(folder, 'accounts'), accountLine(options))
  writeFileSync(join(folder, 'contacts'), '')
  const child = start('baresip', ['-f', folder, '-v'])
  onTestFinished(async () => {
    await child.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const socket = await connected(control, child)
  onTestFinished(() => void socket.destroy())
  return new Baresip(options.user, port, child, socket)
}

function configText(host: string, port: number, control: number): string {
  return `
poll_method epoll
sip_listen ${bracket(host)}:${port}
net_interface ${host}
audio_player aubridge,${port}
audio_source aubridge,${port}
audio_alert aubridge,${port}
rtp_timeout 0
rtp_ports 10000-11999
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${control}
`
}

/** One file with both the key and the certificate. */
function secureLines(folder: string, { own, authority }: { own: KeyPair; authority: string }) {
  const pair = [own.key, own.certificate].map(file => readFileSync(file, 'utf8')).join('')
  writeFileSync(join(folder, 'pair.pem'), pair)
  const certificate = `sip_certificate ${join(folder, 'pair.pem')}`
  return `${certificate}\nsip_cafile ${authority}\nsip_verify_server yes\n`
}

function accountLine(options: BaresipOptions): string {
  const { user, server, transport = 'udp', password = 'none' } = options
  const parameters = `;regint=60;auth_pass=${password};answermode=manual;audio_codecs=pcmu`
  return `<sip:${user}@${server.address};transport=${transport}>${parameters}\n`
}

async function connected(port: number, child: Child): Promise<Socket> {
  for (let tries = 0; tries < 800 && child.code === null; tries++) {
    const socket = connect(port, '127.0.0.1')
    const opened = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (opened) return socket
    await pause(25)
  }
  throw new Error(`baresip opens no control socket\n${child.output}`)
}

/** Puts a permanent contact on file at a server, as `kamctl ul add` does. */
export async function addContact(server: SipServer, user: string, contact: string): Promise<void> {
  const contactRow = ['location', user, contact, '0', '1.0', '.', '0', '0', '4294967295']
  const { output } = await run('kamcmd', ['-s', server.control, 'ul.add', ...contactRow])
  if (output.includes('error')) throw new Error(output)
}
