// A phone with an account: it answers challenges (RFC 7616), acknowledges, and takes calls.
import { createHash } from 'node:crypto'
import { Phone, type Received } from './phone.ts'
import { type SipText, print } from './sip-text.ts'

type Headers = [name: string, value: string][]

export type Account = {
  user: string
  password?: string
  /** Of its address of record; the server's address. */
  domain?: string
  /** Its own address. */
  host?: string
}

const quoted = (challenge: string, name: string): string =>
  new RegExp(`[ ,]${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''

let counter = 0
const unique = (): string => `${process.pid.toString(36)}${(++counter).toString(36)}`

const md5 = (...parts: string[]): string => createHash('md5').update(parts.join(':')).digest('hex')

export class AccountPhone {
  readonly user: string
  readonly domain: string
  readonly phone: Phone
  private readonly password: string
  private readonly server: { host: string; port: number }
  private readonly tag = unique()
  private cseq = 0

  private constructor(account: Account, phone: Phone, server: { host: string; port: number }) {
    this.user = account.user
    this.password = account.password ?? ''
    this.domain = account.domain ?? server.host
    this.phone = phone
    this.server = server
  }

  static async open(
    account: Account,
    server: { host: string; port: number },
  ): Promise<AccountPhone> {
    return new AccountPhone(account, await Phone.open('udp', account.host ?? '127.0.0.1'), server)
  }

  get address(): string {
    return `sip:${this.user}@${this.domain}`
  }

  get contact(): string {
    return `<sip:${this.user}@${this.phone.address}>`
  }

  register(): Promise<SipText> {
    return this.ask('REGISTER', `sip:${this.domain}`, [['Expires', '300']], this.address)
  }

  /** Sends a request and gives its final reply; a challenge is answered when it has a password. */
  async ask(method: string, uri: string, more: Headers = [], to = uri): Promise<SipText> {
    const callId = unique()
    const first = await this.once(method, uri, to, callId, more)
    const code = first.status
    const challenge = first.header(code === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate')
    if (this.password === '' || (code !== 401 && code !== 407)) return first
    const name = code === 401 ? 'Authorization' : 'Proxy-Authorization'
    const credentials: Headers = [[name, this.credentials(challenge, method, uri)]]
    return this.once(method, uri, to, callId, [...more, ...credentials])
  }

  /** The next new request of this method that comes in. */
  expect(method: string): Promise<Received> {
    return this.new(new RegExp(`^${method} `), '')
  }

  /** Waits for a request of this method and answers it. */
  async answer(method: string, status: string, more: Headers = []): Promise<SipText> {
    const { message, answer } = await this.expect(method)
    const copied = ['Via', 'From', 'Call-ID', 'CSeq', 'Record-Route'].flatMap(name =>
      message.all(name).map((value): [string, string] => [name, value]),
    )
    const to = message.header('To')
    const tagged = to.includes(';tag=') ? to : `${to};tag=${this.tag}`
    const headers: Headers = [...copied, ['To', tagged], ['Contact', this.contact], ...more]
    answer(print(`SIP/2.0 ${status}`, headers))
    return message
  }

  async close(): Promise<void> {
    await this.phone.close()
  }

  private async once(
    method: string,
    uri: string,
    to: string,
    callId: string,
    more: Headers,
  ): Promise<SipText> {
    const { host, port } = this.server
    const branch = `z9hG4bK${unique()}`
    const common = (of: string): Headers => [
      ['Via', `SIP/2.0/UDP ${this.phone.address};branch=${branch};rport`],
      ['Max-Forwards', '70'],
      ['From', `<${this.address}>;tag=${this.tag}`],
      ['Call-ID', callId],
      ['CSeq', `${this.cseq} ${of}`],
    ]
    this.cseq++
    const head: Headers = [...common(method), ['To', `<${to}>`], ['Contact', this.contact], ...more]
    await this.phone.send(print(`${method} ${uri} SIP/2.0`, head), host, port)
    const { message } = await this.new(/^SIP\/2\.0 [2-6]/, branch)
    if (method === 'INVITE' && message.status >= 300) {
      const ack: Headers = [...common('ACK'), ['To', message.header('To')]]
      await this.phone.send(print(`ACK ${uri} SIP/2.0`, ack), host, port)
    }
    return message
  }

  /** On a busy machine what came before comes again, and replies to what went before. */
  private async new(pattern: RegExp, branch: string): Promise<Received> {
    for (;;) {
      const got = await this.phone.expect(pattern)
      if (!got.again && got.message.header('Via').includes(branch)) return got
    }
  }

  private credentials(challenge: string, method: string, uri: string): string {
    const realm = quoted(challenge, 'realm')
    const nonce = quoted(challenge, 'nonce')
    const ha1 = md5(this.user, realm, this.password)
    const response = md5(ha1, nonce, md5(method, uri))
    return (
      `Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", algorithm=MD5`
    )
  }
}
