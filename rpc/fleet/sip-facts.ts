/**
 * What a ladder needs of a SIP message. The texts come from the nodes' traces; a message that is no
 * SIP still gives facts.
 */

export interface SipFacts {
  /** '' in a reply. */
  readonly method: string
  /** 0 in a request. */
  readonly status: number
  readonly reason: string
  /** User and host of the request URI. */
  readonly target: string
  readonly callId: string
  readonly cseq: number
  readonly cseqMethod: string
  /** branch of the topmost Via: what the two ends of one hop have in common. */
  readonly branch: string
  readonly viaCount: number
  readonly from: string
  readonly to: string
  readonly fromTag: string
  readonly toTag: string
  /** host:port of the first Contact, '' without one. */
  readonly contact: string
  readonly sdp: boolean
  /** Reason and Warning header fields, where they are. */
  readonly why: string
}

const COMPACT: Record<string, string> = {
  i: 'call-id',
  f: 'from',
  t: 'to',
  v: 'via',
  m: 'contact',
  c: 'content-type',
}

type Fields = Map<string, string[]>

/** Header fields by lower-case long name, folded lines joined. */
function fieldsOf(text: string): Fields {
  const fields: Fields = new Map()
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  for (const field of lines.slice(1)) {
    const colon = field.indexOf(':')
    if (colon < 0) continue
    const written = field.slice(0, colon).trim().toLowerCase()
    const name = COMPACT[written] ?? written
    const value = field.slice(colon + 1).trim()
    fields.set(name, [...(fields.get(name) ?? []), value])
  }
  return fields
}

/** `user@host` of an address or a URI; the host alone where there is no user. */
export function userAtHost(value: string): string {
  const uri = /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0]!.trim()
  return uri.replace(/^\w+:/, '').replace(/[;?].*$/, '')
}

/** The user of an address, else its host. */
export const userOf = (address: string): string => address.split('@')[0]!.replace(/:\d+$/, '')

const tagOf = (value: string): string => /;\s*tag=([^;\s>]+)/i.exec(value)?.[1] ?? ''

function contactOf(value: string): string {
  const address = userAtHost(value).replace(/^.*@/, '')
  if (address === '' || address === '*') return ''
  return /:\d+$/.test(address) ? address : `${address}:5060`
}

/**
 * A Via header field may hold several values; commas inside quotes are too rare to matter for
 * counting hops.
 */
const viasOf = (fields: Fields): string[] =>
  (fields.get('via') ?? []).flatMap(value => value.split(','))

export function sipFacts(text: string): SipFacts {
  const first = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const reply = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first)
  const request = reply ? null : /^(\S+) (\S+) SIP\/2\.0$/.exec(first)
  const fields = fieldsOf(text)
  const one = (name: string): string => fields.get(name)?.[0] ?? ''
  const [, number = '0', cseqMethod = ''] = /^(\d+)\s+(\S+)/.exec(one('cseq')) ?? []
  const vias = viasOf(fields)
  const why = [...(fields.get('reason') ?? []), ...(fields.get('warning') ?? [])]
  return {
    method: request?.[1] ?? '',
    status: Number(reply?.[1] ?? 0),
    reason: reply?.[2] ?? '',
    target: userAtHost(request?.[2] ?? ''),
    callId: one('call-id'),
    cseq: Number(number),
    cseqMethod,
    branch: /;\s*branch=([^;,\s]+)/i.exec(vias[0] ?? '')?.[1] ?? '',
    viaCount: vias.length,
    from: userAtHost(one('from')),
    to: userAtHost(one('to')),
    fromTag: tagOf(one('from')),
    toTag: tagOf(one('to')),
    contact: contactOf(one('contact')),
    sdp: /^application\/sdp\b/i.test(one('content-type')),
    why: why.join(' '),
  }
}
