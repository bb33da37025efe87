// The manners of a phone on top of kit/phone.ts: it writes whole requests and replies from a few
// words, remembers its INVITE, its dialog and its registration, and lets a script change headers.
import type { HeaderLine } from './call-script.ts'
import type { Phone, Received } from './phone.ts'
import { SipText, canonical, param, print, uriOf } from './sip-text.ts'

type Headers = [name: string, value: string][]

type Dialog = {
  callId: string
  local: string
  remote: string
  target: string
  routes: string[]
  cseq: number
}

let counter = 0
/** A word that no other message of this run has. */
const unique = (prefix: string) =>
  `${prefix}${process.pid.toString(36)}x${(++counter).toString(36)}`

export class Caller {
  readonly name: string
  readonly phone: Phone
  readonly server: { host: string; port: number; address: string }
  /** Requests and replies sent, and requests got, the latest last. */
  readonly sent: SipText[] = []
  readonly got: Received[] = []
  #dialog: Dialog | null = null
  #registration = { callId: unique('reg'), cseq: 0 }
  readonly #tags = new Map<string, string>()

  constructor(name: string, phone: Phone, server: Caller['server']) {
    this.name = name
    this.phone = phone
    this.server = server
  }

  get uri(): string {
    const transport = this.phone.transport === 'tcp' ? ';transport=tcp' : ''
    return `sip:${this.name}@${this.phone.address}${transport}`
  }

  /** Writes a request. Without a URI it belongs to the dialog, or to the INVITE (ACK, CANCEL). */
  request(method: string, uri: string, edits: HeaderLine[], body: string): string {
    const invite = this.#lastSent('INVITE')
    if (!uri && method === 'CANCEL' && invite) return this.#cancel(invite, edits)
    if (!uri && method === 'ACK' && invite) return this.#ack(invite, edits, body)
    const headers = uri ? this.#outside(method, uri) : this.#inside(method)
    return print(
      `${method} ${uri || this.#dialog?.target} SIP/2.0`,
      withBody(edit(headers, edits), body),
      body,
    )
  }

  /** Writes a reply to the latest request of the method (when none is given: of any but ACK). */
  reply(status: string, method: string, edits: HeaderLine[], body: string): [Received, string] {
    const request = this.got.findLast(({ message }) =>
      method ? message.method === method : message.method !== 'ACK',
    )
    if (!request) throw new Error(`${this.name} got no ${method || 'request'} to reply to`)
    const { message } = request
    const code = Number(status.slice(0, 3))
    const headers: Headers = message.headers
      .filter(([name]) => ['via', 'from', 'call-id', 'cseq'].includes(canonical(name)))
      .concat([['To', this.#tagged(message, code)]])
    if (code > 100 && code < 300) {
      for (const route of message.all('Record-Route')) headers.push(['Record-Route', route])
      if (/^(INVITE|SUBSCRIBE|UPDATE)$/.test(message.method))
        headers.push(['Contact', `<${this.uri}>`])
      if (message.method === 'INVITE') this.#answered(message, headers)
    }
    const reason = status.slice(4) || REASONS[code] || 'Reason'
    const written = withBody(edit(headers, edits), body)
    return [request, print(`SIP/2.0 ${code} ${reason}`, written, body)]
  }

  /** Keeps what was sent: an ACK or CANCEL belongs to it, and `again` repeats it. */
  remember(text: string): void {
    this.sent.push(new SipText(text))
  }

  /** Learns from a message that came. */
  take(received: Received): void {
    const { message } = received
    if (message.isRequest) this.got.push(received)
    const invite = this.#lastSent('INVITE')
    if (message.isRequest || message.method !== 'INVITE' || message.status >= 300 || !invite) return
    if (message.status === 100) return
    this.#final = message
    this.#dialog = {
      callId: message.header('Call-ID'),
      local: message.header('From'),
      remote: message.header('To'),
      target: uriOf(message.header('Contact')),
      routes: this.#routesOf(message) ?? message.all('Record-Route').toReversed(),
      cseq: invite.cseq,
    }
  }

  #final: SipText | null = null

  /** Remembers the final reply that an ACK will answer. */
  finished(message: SipText): void {
    if (message.method === 'INVITE' && message.status >= 200) this.#final = message
  }

  #lastSent(method: string): SipText | undefined {
    return this.sent.findLast(message => message.isRequest && message.method === method)
  }

  #via(branch = unique('z9hG4bK')): string {
    const transport = this.phone.transport.toUpperCase()
    return `SIP/2.0/${transport} ${this.phone.address};branch=${branch}`
  }

  #outside(method: string, uri: string): Headers {
    const own = `<sip:${this.name}@${this.server.address}>`
    const registers = method === 'REGISTER'
    const callId = registers ? this.#registration.callId : unique('call')
    const cseq = registers ? ++this.#registration.cseq : 1
    const headers: Headers = [
      ['Via', this.#via()],
      ['Max-Forwards', '70'],
      ['From', `${own};tag=${unique('f')}`],
      ['To', registers ? own : `<${uri}>`],
      ['Call-ID', callId],
      ['CSeq', `${cseq} ${method}`],
    ]
    if (/^(INVITE|REGISTER|SUBSCRIBE|UPDATE)$/.test(method))
      headers.push(['Contact', `<${this.uri}>`])
    return headers
  }

  #inside(method: string): Headers {
    const dialog = this.#dialog
    if (!dialog) throw new Error(`${this.name} has no dialog for ${method}`)
    if (method !== 'ACK') dialog.cseq++
    const headers: Headers = [['Via', this.#via()]]
    for (const route of dialog.routes) headers.push(['Route', route])
    headers.push(
      ['Max-Forwards', '70'],
      ['From', dialog.local],
      ['To', dialog.remote],
      ['Call-ID', dialog.callId],
      ['CSeq', `${dialog.cseq} ${method}`],
    )
    if (/^(INVITE|UPDATE)$/.test(method)) headers.push(['Contact', `<${this.uri}>`])
    return headers
  }

  // RFC 3261 9.1: the Request-URI, Call-ID, To, the numeric part of CSeq, and From header fields
  // in the CANCEL request MUST be identical to those in the request being cancelled.
  #cancel(invite: SipText, edits: HeaderLine[]): string {
    const headers: Headers = [['Via', invite.header('Via')]]
    for (const route of invite.all('Route')) headers.push(['Route', route])
    headers.push(['Max-Forwards', '70'], ...copied(invite, 'From', 'To', 'Call-ID'))
    headers.push(['CSeq', `${invite.cseq} CANCEL`])
    return print(`CANCEL ${invite.uri} SIP/2.0`, edit(headers, edits))
  }

  #ack(invite: SipText, edits: HeaderLine[], body: string): string {
    const final = this.#final
    if (!final) throw new Error(`${this.name} got no final reply to acknowledge`)
    if (final.status < 300) {
      const headers = this.#inside('ACK')
      return print(
        `ACK ${this.#dialog?.target} SIP/2.0`,
        withBody(edit(headers, edits), body),
        body,
      )
    }
    // RFC 3261 17.1.1.3: the ACK MUST contain a single Via header field equal to the top Via header
    // field of the original request, and the To header field of the response.
    const headers: Headers = [['Via', invite.header('Via')]]
    for (const route of invite.all('Route')) headers.push(['Route', route])
    headers.push(['Max-Forwards', '70'], ...copied(invite, 'From'), ...copied(final, 'To'))
    headers.push(...copied(invite, 'Call-ID'), ['CSeq', `${invite.cseq} ACK`])
    return print(`ACK ${invite.uri} SIP/2.0`, edit(headers, edits), body)
  }

  /** The To of a reply; a dialog keeps the tag that it got first. */
  #tagged(request: SipText, code: number): string {
    const to = request.header('To')
    if (code === 100 || param(to, 'tag')) return to
    const callId = request.header('Call-ID')
    const tag = this.#tags.get(callId) ?? unique('t')
    this.#tags.set(callId, tag)
    return `${to};tag=${tag}`
  }

  // RFC 3261 12.2: requests within a dialog do not change its route set.
  #routesOf(message: SipText): string[] | null {
    const dialog = this.#dialog
    return dialog?.callId === message.header('Call-ID') ? dialog.routes : null
  }

  #answered(invite: SipText, headers: Headers): void {
    this.#dialog = {
      callId: invite.header('Call-ID'),
      local: headers.find(([name]) => name === 'To')?.[1] ?? '',
      remote: invite.header('From'),
      target: uriOf(invite.header('Contact')),
      routes: this.#routesOf(invite) ?? invite.all('Record-Route'),
      cseq: this.#dialog?.cseq ?? 0,
    }
  }
}

const REASONS: Record<number, string> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  302: 'Moved Temporarily',
  404: 'Not Found',
  408: 'Request Timeout',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  487: 'Request Terminated',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  600: 'Busy Everywhere',
  603: 'Decline',
}

function copied(from: SipText, ...names: string[]): Headers {
  return names.map(name => [name, from.header(name)])
}

function withBody(headers: Headers, body: string): Headers {
  const typed = headers.some(([name]) => canonical(name) === 'content-type')
  return body && !typed ? [...headers, ['Content-Type', 'application/sdp']] : headers
}

/** Applies what a script says about headers. */
function edit(headers: Headers, edits: HeaderLine[]): Headers {
  const result = [...headers]
  for (const { op, name, value } of edits) {
    const at = result.findIndex(([own]) => canonical(own) === canonical(name))
    if (op === 'add' || (op === 'set' && at < 0)) result.push([name, value])
    else if (op === 'set') result[at] = [name, value]
    else if (at >= 0) result.splice(at, 1)
  }
  return result
}
