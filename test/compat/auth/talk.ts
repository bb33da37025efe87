// Conversations with a server that asks for credentials: a config, what a phone sends, what it gets
// back and what the script noted. They are said in a short form, so that the same one is played to
// the real Kamailio and to a node of ours.
import { createHash } from 'node:crypto'

/** Credentials that answer the newest challenge; what is left out is as a phone has it. */
export interface Answer {
  user?: string
  password?: string
  realm?: string
  /** `''`: none, whatever the challenge says. */
  qop?: string
  nc?: string
  cnonce?: string
  uri?: string
  /** Of the hash; also written when it is not ''. */
  algorithm?: string
  method?: string
  body?: string
  /**
   * `first`: of the first challenge of the conversation; `cut`: of the newest, without its last
   * character; else the nonce itself.
   */
  nonce?: string
  /** A nonce as one who knows the secret makes it: seconds from now. */
  craft?: { secret: string; expire: number; since: number; id?: string }
  /** Parameters as they are written, in place of the right ones or beside them. */
  set?: Record<string, string>
  drop?: string[]
  /** The whole header body; NONCE stands for the nonce. */
  raw?: string
  header?: string
}

export interface Step {
  about?: string
  /** Method and request URI. */
  send?: string
  from?: string
  to?: string
  headers?: string[]
  body?: string
  answer?: Answer
  /** Seconds that pass. */
  pause?: number
  /** An RPC command and its parameters. */
  rpc?: [string, ...(string | number)[]]
  /** Recorded: what came back, without what a reply copies from its request. */
  replies?: string[]
  /** Recorded: what the script noted. */
  marks?: string[]
  /** Recorded: the answer to `rpc`. */
  result?: unknown
}

export interface Story {
  name: string
  params?: Record<string, Record<string, string | number>>
  /** Statements of the request route; `say(text);` notes a text. */
  script: string
  /** More blocks. */
  routes?: string
  /** Why a node of ours does otherwise. */
  differs?: string
  /** Recorded: why it does not start with this config. */
  refused?: string[]
  steps: Step[]
}

export interface Facts {
  origin: string
  modules: string[]
  stories: Story[]
}

export const MARK = '@@'

/** The blocks of the config. */
export const routesOf = ({ script, routes = '' }: Story): string =>
  `request_route {\n${spelled(script)}\n}\n${spelled(routes)}`

const spelled = (text: string): string =>
  text.replaceAll(/say\((.*?)\);/g, (_all, said: string) => `xlog("L_ALERT", "${MARK}${said}\\n");`)

const HASHES: Record<string, string> = { 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }

const param = (text: string, name: string): string | null => {
  const found = new RegExp(`[ ,]${name}="?([^",]*)"?`).exec(text)
  return found === null ? null : found[1]!
}

/** The phone's side of a conversation. */
export class Phone {
  /** RFC 7615 section 3: by which a server shows that it knows the password, too. */
  proof = ''
  private challenge = ''
  private first = ''
  private number = 0
  private readonly from: string
  private readonly now: () => number

  /** `now`: milliseconds since 1970. */
  constructor(from: string, now: () => number) {
    this.from = from
    this.now = now
  }

  text(step: Step): string {
    const { send = '', from, to, headers = [], body = '' } = step
    const [method = '', uri = ''] = send.split(' ')
    this.number++
    const credentials = step.answer === undefined ? [] : [this.credentials(step.answer, step)]
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.from};branch=z9hG4bKtalk${this.number}`,
      `From: ${from ?? '<sip:alice@example.com>;tag=f1'}`,
      `To: ${to ?? '<sip:alice@example.com>'}`,
      ...(headers.some(line => line.startsWith('Call-ID')) ? [] : ['Call-ID: talk@example.com']),
      `CSeq: ${this.number} ${method}`,
      'Max-Forwards: 70',
      ...headers,
      ...credentials,
      `Content-Length: ${body.length}`,
    ]
    return `${lines.join('\r\n')}\r\n\r\n${body}`
  }

  private credentials(answer: Answer, step: Step): string {
    const [method = '', target = ''] = (step.send ?? '').split(' ')
    const { user = 'alice', password = 'secret', uri = target, cnonce = 'c0ffee' } = answer
    const realm = answer.realm ?? param(this.challenge, 'realm') ?? 'example.com'
    const nonce = answer.craft === undefined ? this.nonceOf(answer.nonce) : this.craft(answer.craft)
    const proxy = method !== 'REGISTER'
    const header = answer.header ?? (proxy ? 'Proxy-Authorization' : 'Authorization')
    if (answer.raw !== undefined) return `${header}: ${answer.raw.replaceAll('NONCE', nonce)}`
    const qop = answer.qop ?? param(this.challenge, 'qop') ?? ''
    const algorithm = answer.algorithm ?? param(this.challenge, 'algorithm') ?? ''
    const of = (text: string): string =>
      createHash(HASHES[algorithm] ?? 'md5')
        .update(text, 'latin1')
        .digest('hex')
    const nc = answer.nc ?? '00000001'
    const entity = qop === 'auth-int' ? `:${of(answer.body ?? step.body ?? '')}` : ''
    const ha2 = of(`${answer.method ?? method}:${uri}${entity}`)
    const middle = qop === '' ? '' : `${nc}:${cnonce}:${qop}:`
    const ha1 = of(`${user}:${realm}:${password}`)
    const response = of(`${ha1}:${nonce}:${middle}${ha2}`)
    this.proof = of(`${ha1}:${nonce}:${middle}${of(`:${uri}`)}`)
    const parts: Record<string, string> = {
      username: `"${user}"`,
      realm: `"${realm}"`,
      nonce: `"${nonce}"`,
      uri: `"${uri}"`,
      ...(qop === '' ? {} : { qop, nc, cnonce: `"${cnonce}"` }),
      response: `"${response}"`,
      ...(algorithm === '' ? {} : { algorithm }),
      ...answer.set,
    }
    for (const name of answer.drop ?? []) delete parts[name]
    const written = Object.entries(parts).map(([name, value]) => `${name}=${value}`)
    return `${header}: Digest ${written.join(', ')}`
  }

  private craft({ secret, expire, since, id = '' }: NonNullable<Answer['craft']>): string {
    const seconds = Math.floor(this.now() / 1000)
    const times = Buffer.alloc(8)
    times.writeUInt32BE(seconds + expire)
    times.writeUInt32BE(seconds + since, 4)
    const nid = Buffer.from(id, 'hex')
    const hash = createHash('md5').update(times).update(nid).update(secret).digest()
    return Buffer.concat([times, hash, nid]).toString('base64')
  }

  private nonceOf(wanted: string | undefined): string {
    if (wanted === 'first') return this.first
    const newest = param(this.challenge, 'nonce') ?? 'none'
    return wanted === 'cut' ? newest.slice(0, -1) : (wanted ?? newest)
  }

  /** Notes the challenges of a reply, and says what of it does not change from run to run. */
  take(text: string): string {
    const head = text.split('\r\n\r\n')[0]!.split('\r\n')
    const challenge = head.find(line => /^(WWW|Proxy)-Authenticate:/.test(line))
    if (challenge !== undefined) {
      this.challenge = challenge
      if (this.first === '') this.first = param(challenge, 'nonce') ?? ''
    }
    return head
      .filter(line => !COPIED.test(line))
      .map(mask)
      .join('\n')
  }
}

const COPIED = /^(Via|From|To|Call-ID|CSeq|Content-Length):/

/** A nonce as it is to be compared: how long it is. */
const shapeOf = (nonce: string): string => `NONCE${nonce.length}`

export const mask = (text: string): string =>
  text
    .replaceAll(/nonce="([^"]*)"/g, (_all, nonce: string) => `nonce="${shapeOf(nonce)}"`)
    .replaceAll(/(response|rspauth)="[0-9a-f]*"/g, (all, name: string) => {
      const digits = all.length - name.length - 3
      return `${name}="HASH${digits}"`
    })
