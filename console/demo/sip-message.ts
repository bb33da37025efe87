/** As much of SIP as a demo phone needs: header fields in order, by name. */

const CRLF = '\r\n'
const COMPACT: Record<string, string> = { i: 'call-id', f: 'from', t: 'to', v: 'via', m: 'contact' }

export class SipMessage {
  readonly first: string
  readonly fields: readonly (readonly [name: string, value: string])[]

  constructor(text: string) {
    const head = text.split(`${CRLF}${CRLF}`, 1)[0] ?? ''
    const [first = '', ...lines] = head.split(CRLF)
    this.first = first
    this.fields = lines.flatMap(line => {
      const colon = line.indexOf(':')
      if (colon < 0) return []
      const written = line.slice(0, colon).trim().toLowerCase()
      return [[COMPACT[written] ?? written, line.slice(colon + 1).trim()] as const]
    })
  }

  /** 0 for a request. */
  get status(): number {
    return Number(/^SIP\/2\.0 (\d{3})/.exec(this.first)?.[1] ?? 0)
  }

  get method(): string {
    return this.status === 0 ? (this.first.split(' ')[0] ?? '') : this.cseqMethod
  }

  get cseq(): number {
    return Number(this.one('cseq').split(' ')[0])
  }

  get cseqMethod(): string {
    return this.one('cseq').split(' ')[1] ?? ''
  }

  /** branch of the topmost Via. */
  get branch(): string {
    return /;branch=([^;,\s]+)/.exec(this.one('via'))?.[1] ?? ''
  }

  get toTag(): string {
    return /;tag=([^;\s]+)/.exec(this.one('to'))?.[1] ?? ''
  }

  one(name: string): string {
    return this.fields.find(([field]) => field === name)?.[1] ?? ''
  }

  all(name: string): string[] {
    return this.fields.filter(([field]) => field === name).map(([, value]) => value)
  }
}

/** The URI of a Contact. */
export const uriOf = (value: string): string => /<([^>]+)>/.exec(value)?.[1] ?? value

/** A whole message as text. */
export function print(
  first: string,
  fields: readonly (readonly [string, string])[],
  body = '',
): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}`)
  return [first, ...lines, `Content-Length: ${body.length}`, '', body].join(CRLF)
}

/** A reply has the way back of its request (RFC 3261 8.2.6). */
export function reply(
  request: SipMessage,
  status: string,
  tag: string,
  more: readonly (readonly [string, string])[] = [],
  body = '',
): string {
  const to = request.one('to')
  const tagged = tag === '' || /;tag=/.test(to) ? to : `${to};tag=${tag}`
  return print(
    `SIP/2.0 ${status}`,
    [
      ...request.all('via').map(value => ['Via', value] as const),
      ...request.all('record-route').map(value => ['Record-Route', value] as const),
      ['From', request.one('from')],
      ['To', tagged],
      ['Call-ID', request.one('call-id')],
      ['CSeq', request.one('cseq')],
      ...more,
    ],
    body,
  )
}
