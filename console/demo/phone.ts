/**
 * A small SIP phone over UDP for the demo: it registers, calls, answers, hangs up. Requests are
 * sent again until they are answered (RFC 3261 17.1), requests that come again get the same reply
 * again (17.2).
 */
import { randomBytes } from 'node:crypto'
import { type Socket, createSocket } from 'node:dgram'
import { SipMessage, print, reply, uriOf } from './sip-message.ts'

const T1_MS = 500
const GIVE_UP_MS = 32_000
const HOST = '127.0.0.1'
/** Replies kept for requests that come again. */
const REMEMBERED = 50

export interface Manners {
  /** What it does with a call that comes in. */
  readonly onCall: 'answers' | 'is busy' | 'declines' | 'does not answer'
  readonly ringMs: () => number
  /** How long it talks before it hangs up; null leaves that to the other side. */
  readonly talkMs: () => number | null
}

/** How a call that this phone made went on; the numbers are final statuses. */
export type Progress = 'trying' | 'ringing' | 'talking' | number

interface OutgoingCall {
  readonly invite: readonly (readonly [string, string])[]
  readonly uri: string
  readonly onProgress: (progress: Progress) => void
  status: number
}

interface Dialog {
  readonly callId: string
  readonly local: string
  readonly remote: string
  readonly target: string
  readonly routes: readonly string[]
  cseq: number
}

interface Pending {
  readonly text: string
  readonly onReply: (message: SipMessage) => void
  timer: NodeJS.Timeout
}

const token = (): string => randomBytes(6).toString('hex')

export class Phone {
  readonly user: string
  readonly domain: string
  private readonly server: number
  private readonly manners: Manners
  private readonly socket: Socket
  private readonly pending = new Map<string, Pending>()
  private readonly sent = new Map<string, string>()
  private readonly calls = new Map<string, OutgoingCall>()
  private readonly dialogs = new Map<string, Dialog>()
  private readonly timers = new Set<NodeJS.Timeout>()
  /** The call that rings here and was not answered yet. */
  private ringing: { readonly invite: SipMessage; readonly tag: string } | null = null
  private registerCseq = 0
  private readonly registerId = `${token()}@reg`
  private port = 0

  private constructor(user: string, domain: string, server: number, manners: Manners) {
    this.user = user
    this.domain = domain
    this.server = server
    this.manners = manners
    this.socket = createSocket('udp4')
  }

  /** `server` is the port of the node at which it registers. */
  static async open(
    user: string,
    domain: string,
    server: number,
    manners: Manners,
  ): Promise<Phone> {
    const phone = new Phone(user, domain, server, manners)
    phone.socket.on('message', (data, { port }) => phone.receive(data.toString('latin1'), port))
    phone.socket.on('error', () => undefined)
    await new Promise<void>(resolve => phone.socket.bind(0, HOST, resolve))
    phone.port = phone.socket.address().port
    return phone
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer)
    for (const { timer } of this.pending.values()) clearTimeout(timer)
    this.socket.close()
  }

  get isBusy(): boolean {
    return this.dialogs.size > 0 || this.ringing !== null || this.calls.size > 0
  }

  /** Registers for so many seconds; 0 leaves. */
  register(seconds: number): void {
    const aor = `<sip:${this.user}@${this.domain}>`
    this.request('REGISTER', `sip:${this.domain}`, [
      ['From', `${aor};tag=${token()}`],
      ['To', aor],
      ['Call-ID', this.registerId],
      ['CSeq', `${++this.registerCseq} REGISTER`],
      ['Contact', `${this.contact};expires=${seconds}`],
      ['User-Agent', AGENT],
    ])
  }

  /** Calls somebody of the same domain; returns the Call-ID. */
  call(user: string, onProgress: (progress: Progress) => void): string {
    const uri = `sip:${user}@${this.domain}`
    const callId = `${token()}@${this.user}`
    const fields = [
      ['From', `"${this.user}" <sip:${this.user}@${this.domain}>;tag=${token()}`],
      ['To', `<${uri}>`],
      ['Call-ID', callId],
      ['CSeq', '1 INVITE'],
      ['Contact', this.contact],
      ['User-Agent', AGENT],
      ['Content-Type', 'application/sdp'],
    ] as const
    const branch = this.request('INVITE', uri, fields, this.sdp(), message =>
      this.onInviteReply(branch, message),
    )
    this.calls.set(branch, { invite: fields, uri, onProgress, status: 0 })
    onProgress('trying')
    return callId
  }

  /** Gives up a call that was not answered yet. */
  cancel(callId: string): void {
    for (const [branch, call] of this.calls) {
      // RFC 3261 9.1: nothing is cancelled before a provisional response came.
      if (fieldOf(call.invite, 'Call-ID') !== callId || call.status < 100) continue
      const fields = call.invite.filter(([name]) => ['From', 'To', 'Call-ID'].includes(name))
      this.request('CANCEL', call.uri, [...fields, ['CSeq', '1 CANCEL']], '', undefined, branch)
    }
  }

  /** Ends a call, whoever made it. */
  hangUp(callId: string): void {
    const dialog = this.dialogs.get(callId)
    if (dialog === undefined) return
    this.dialogs.delete(callId)
    dialog.cseq++
    this.request('BYE', dialog.target, this.within(dialog, `${dialog.cseq} BYE`))
  }

  private get contact(): string {
    return `<sip:${this.user}@${HOST}:${this.port}>`
  }

  private sdp(): string {
    const lines = ['v=0', `o=${this.user} 1 1 IN IP4 ${HOST}`, 's=-', `c=IN IP4 ${HOST}`, 't=0 0']
    return [...lines, `m=audio ${20_000 + (this.port % 10_000)} RTP/AVP 8`, ''].join('\r\n')
  }

  private within(dialog: Dialog, cseq: string): (readonly [string, string])[] {
    return [
      ...dialog.routes.map(route => ['Route', route] as const),
      ['From', dialog.local],
      ['To', dialog.remote],
      ['Call-ID', dialog.callId],
      ['CSeq', cseq],
    ]
  }

  /** Sends a request until it is answered; returns its branch. */
  private request(
    method: string,
    uri: string,
    fields: readonly (readonly [string, string])[],
    body = '',
    onReply: (message: SipMessage) => void = () => undefined,
    branch = `z9hG4bK${token()}`,
  ): string {
    const via = `SIP/2.0/UDP ${HOST}:${this.port};branch=${branch};rport`
    const all = [['Via', via], ['Max-Forwards', '70'], ...fields] as const
    const text = print(`${method} ${uri} SIP/2.0`, all, body)
    this.send(text)
    const entry: Pending = { text, onReply, timer: setTimeout(() => undefined, 0) }
    this.pending.set(`${branch} ${method}`, entry)
    this.repeat(`${branch} ${method}`, entry, T1_MS, Date.now() + GIVE_UP_MS)
    return branch
  }

  private repeat(key: string, entry: Pending, ms: number, until: number): void {
    clearTimeout(entry.timer)
    entry.timer = setTimeout(() => {
      if (Date.now() > until) {
        this.pending.delete(key)
        this.calls.delete(key.split(' ')[0]!)
        return
      }
      this.send(entry.text)
      this.repeat(key, entry, Math.min(ms * 2, 4000), until)
    }, ms)
  }

  private send(text: string, port = this.server): void {
    this.socket.send(Buffer.from(text, 'latin1'), port, HOST, () => undefined)
  }

  private later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      work()
    }, ms)
    this.timers.add(timer)
  }

  private receive(text: string, from: number): void {
    const message = new SipMessage(text)
    if (message.status > 0) this.onReply(message)
    else this.onRequest(message, from)
  }

  private onReply(message: SipMessage): void {
    const key = `${message.branch} ${message.cseqMethod}`
    const entry = this.pending.get(key)
    if (entry === undefined) return
    clearTimeout(entry.timer)
    // An INVITE goes on waiting after a provisional reply, and acknowledges each final one that
    // comes.
    const isOver = message.status >= 200 && message.cseqMethod !== 'INVITE'
    if (isOver) this.pending.delete(key)
    entry.onReply(message)
  }

  private onInviteReply(branch: string, message: SipMessage): void {
    const call = this.calls.get(branch)
    const { status } = message
    if (status >= 200) this.acknowledge(branch, call, message)
    if (call === undefined) return
    call.status = status
    if (status > 100 && status < 200) call.onProgress('ringing')
    if (status < 200) return
    this.calls.delete(branch)
    call.onProgress(status < 300 ? 'talking' : status)
    if (status < 300) this.talk(message.one('call-id'))
  }

  /**
   * RFC 3261 13.2.2.4 for 2xx: a request of the dialog; 17.1.1.3 for all else: of the same branch.
   */
  private acknowledge(branch: string, call: OutgoingCall | undefined, message: SipMessage): void {
    const via = (own: string): readonly [string, string] => [
      'Via',
      `SIP/2.0/UDP ${HOST}:${this.port};branch=${own};rport`,
    ]
    if (message.status >= 300) {
      const fields = ['from', 'to', 'call-id'].map(
        name => [NAMES[name]!, message.one(name)] as const,
      )
      const first = `ACK ${call?.uri ?? `sip:${this.domain}`} SIP/2.0`
      const cseq = ['CSeq', `${message.cseq} ACK`] as const
      this.send(print(first, [via(branch), ['Max-Forwards', '70'], ...fields, cseq]))
      return
    }
    const dialog: Dialog = {
      callId: message.one('call-id'),
      local: message.one('from'),
      remote: message.one('to'),
      target: uriOf(message.one('contact')),
      routes: message.all('record-route').toReversed(),
      cseq: message.cseq,
    }
    this.dialogs.set(dialog.callId, dialog)
    const fields = this.within(dialog, `${message.cseq} ACK`)
    const own = `z9hG4bK${token()}`
    this.send(print(`ACK ${dialog.target} SIP/2.0`, [via(own), ['Max-Forwards', '70'], ...fields]))
  }

  private talk(callId: string): void {
    const ms = this.manners.talkMs()
    if (ms !== null) this.later(ms, () => this.hangUp(callId))
  }

  private onRequest(message: SipMessage, from: number): void {
    if (message.method === 'ACK') return
    const again = this.sent.get(`${message.branch} ${message.method}`)
    if (again !== undefined) return this.send(again, from)
    switch (message.method) {
      case 'INVITE':
        return this.onInvite(message, from)
      case 'CANCEL':
        return this.onCancel(message, from)
      case 'BYE':
        this.dialogs.delete(message.one('call-id'))
        return this.answer(message, '200 OK', '', from)
      default:
        return this.answer(message, '200 OK', token(), from)
    }
  }

  /** Remembers what it said, for when the request comes again. */
  private answer(
    request: SipMessage,
    status: string,
    tag: string,
    to: number,
    more: readonly (readonly [string, string])[] = [],
    body = '',
  ): void {
    const text = reply(request, status, tag, more, body)
    this.sent.set(`${request.branch} ${request.method}`, text)
    if (this.sent.size > REMEMBERED) this.sent.delete(this.sent.keys().next().value!)
    this.send(text, to)
  }

  private onInvite(invite: SipMessage, from: number): void {
    const tag = token()
    const { onCall } = this.manners
    if (onCall === 'is busy' || this.isBusy) return this.answer(invite, '486 Busy Here', tag, from)
    this.ringing = { invite, tag }
    this.answer(invite, '180 Ringing', tag, from, [['Contact', this.contact]])
    if (onCall === 'does not answer') return
    this.later(this.manners.ringMs(), () => {
      if (this.ringing?.invite !== invite) return
      this.ringing = null
      if (onCall === 'declines') return this.answer(invite, '603 Decline', tag, from)
      this.accept(invite, tag, from)
    })
  }

  private accept(invite: SipMessage, tag: string, from: number): void {
    const fields = [
      ['Contact', this.contact],
      ['User-Agent', AGENT],
      ['Content-Type', 'application/sdp'],
    ] as const
    this.answer(invite, '200 OK', tag, from, fields, this.sdp())
    const callId = invite.one('call-id')
    this.dialogs.set(callId, {
      callId,
      local: `${invite.one('to')};tag=${tag}`,
      remote: invite.one('from'),
      target: uriOf(invite.one('contact')),
      routes: invite.all('record-route'),
      cseq: 100,
    })
    this.talk(callId)
  }

  private onCancel(cancel: SipMessage, from: number): void {
    this.answer(cancel, '200 OK', '', from)
    const { ringing } = this
    if (ringing === null || ringing.invite.branch !== cancel.branch) return
    this.ringing = null
    this.answer(ringing.invite, '487 Request Terminated', ringing.tag, from)
  }
}

const AGENT = 'Ohana demo phone'
const NAMES: Record<string, string> = { from: 'From', to: 'To', 'call-id': 'Call-ID' }
const fieldOf = (fields: readonly (readonly [string, string])[], name: string): string =>
  fields.find(([field]) => field === name)?.[1] ?? ''
