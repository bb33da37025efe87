// SIP messages as a test sees them: text with a first line, headers in order and a body. It is
// plain and independent of server/sip, so that a mistake there is not repeated here.

const COMPACT: Record<string, string> = {
  i: 'call-id',
  m: 'contact',
  e: 'content-encoding',
  l: 'content-length',
  c: 'content-type',
  f: 'from',
  s: 'subject',
  k: 'supported',
  t: 'to',
  v: 'via',
  o: 'event',
  u: 'allow-events',
}

/** Headers whose values may stand in one line with commas between them. */
const LISTS = new Set(['via', 'route', 'record-route', 'contact', 'path', 'service-route'])

export class SipText {
  readonly text: string
  readonly first: string
  readonly headers: [name: string, value: string][]
  readonly body: string

  constructor(text: string) {
    const end = text.indexOf('\r\n\r\n')
    const head = end < 0 ? text : text.slice(0, end)
    const [first = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
    this.text = text
    this.first = first
    this.body = end < 0 ? '' : text.slice(end + 4)
    this.headers = lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    })
  }

  get isRequest(): boolean {
    return !this.first.startsWith('SIP/')
  }

  get method(): string {
    return this.isRequest ? word(this.first, 0) : word(this.header('CSeq'), 1)
  }

  get uri(): string {
    return this.isRequest ? word(this.first, 1) : ''
  }

  /** The status of a response; 0 for a request. */
  get status(): number {
    return this.isRequest ? 0 : Number(word(this.first, 1))
  }

  get cseq(): number {
    return Number(word(this.header('CSeq'), 0))
  }

  /** All values of a header, lists taken apart. */
  all(name: string): string[] {
    const wanted = canonical(name)
    const values = this.headers.filter(([own]) => canonical(own) === wanted).map(([, v]) => v)
    return LISTS.has(wanted) ? values.flatMap(splitList) : values
  }

  /** The first value of a header, or ''. */
  header(name: string): string {
    return this.all(name)[0] ?? ''
  }
}

export function canonical(name: string): string {
  const lower = name.toLowerCase()
  return COMPACT[lower] ?? lower
}

function word(text: string, index: number): string {
  return text.split(/\s+/)[index] ?? ''
}

/** Takes a list apart at the commas that are neither quoted nor within angle brackets. */
export function splitList(value: string): string[] {
  return (value.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+/g) ?? []).map(item => item.trim())
}

/** A parameter of a header value, after its address if it has one: tag, branch, expires ... */
export function param(value: string, name: string): string {
  const parameters = value.replace(/^[^<]*<[^>]*>/, '')
  const found = new RegExp(`;\\s*${name}\\s*=\\s*("[^"]*"|[^;,\\s]+)`, 'i').exec(parameters)
  return found?.[1] ?? ''
}

/** The URI of a name-addr or addr-spec. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.replace(/;.*$/, '').trim()
}

/** Prints a message, with a Content-Length of its body unless the headers have one. */
export function print(first: string, headers: [string, string][], body = ''): string {
  const counted = headers.some(([name]) => canonical(name) === 'content-length')
  const all: [string, string][] = counted
    ? headers
    : [...headers, ['Content-Length', String(body.length)]]
  return `${first}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** The length of the first whole message in a stream, or -1. */
export function frame(stream: string): number {
  const end = stream.indexOf('\r\n\r\n')
  if (end < 0) return -1
  const length = /^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(stream.slice(0, end))?.[1] ?? '0'
  const total = end + 4 + Number(length)
  return stream.length >= total ? total : -1
}
