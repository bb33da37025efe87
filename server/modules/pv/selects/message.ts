/** @msg, @method, @cseq, @call_id and headers whose body is asked for as a whole. */
import { H_CALL_ID, H_CSEQ } from '../../../sip/header-names.ts'
import { findHeaders, headerName } from '../../../sip/header-match.ts'
import { REPLY, REQUEST, type SipMessage } from '../../../sip/message.ts'
import { branch, leaf, orNull, type Root, type Select } from './step.ts'
import { uriRoot } from './uri.ts'

const fact = (get: (msg: SipMessage) => string | number | null): Root =>
  leaf((_core, msg) => {
    const value = get(msg)
    return value === null ? null : String(value)
  })

/** The i-th header with this name, counted from 1, from the last when negative. */
const headerSelect =
  (text: string, index: number): Select =>
  (_core, msg) => {
    const found = findHeaders(msg, headerName(text))
    const at = found.at(index > 0 ? index - 1 : index)
    return at === undefined ? null : msg.bodyAt(at)
  }

/** `header.user_agent[2]` and `header["User-Agent"]`; alone all headers with the empty line. */
const headers: Root = (step, rest) => {
  const [key] = step.keys
  if (typeof key === 'string') return rest.length === 0 ? headerSelect(key, 1) : null
  const next = rest[0]
  if (next === undefined) return (_core, msg) => msg.raw.slice(msg.headersStart, msg.bodyStart)
  const [index = 1] = next.keys
  if (rest.length > 1 || typeof index !== 'number') return null
  return headerSelect(next.name.replaceAll('_', '-'), index)
}

const bodyOf = (msg: SipMessage): string => msg.raw.slice(msg.bodyStart)

/** `body.sdp.line["m"]`: what follows `m=` on the first such line. */
const sdp: Root = branch((_core, msg) => orNull(bodyOf(msg)), {
  line: (step, rest) => {
    const [letter] = step.keys
    if (letter === undefined || rest.length > 0) return null
    return (_core, msg) => {
      const line = bodyOf(msg)
        .split(/\r?\n/)
        .find(text => text.startsWith(`${letter}=`))
      return line === undefined ? null : line.slice(String(letter).length + 1)
    }
  },
})

const inRequest = (get: (msg: SipMessage) => string | null): Root =>
  fact(msg => (msg.type === REQUEST ? get(msg) : null))
const inReply = (get: (msg: SipMessage) => string | number | null): Root =>
  fact(msg => (msg.type === REPLY ? get(msg) : null))

const method = inRequest(msg => msg.method)
const status = inReply(msg => msg.status)
const reason = inReply(msg => msg.reason)
const version = fact(msg => msg.version)

const request = branch((_core, msg) => (msg.type === REQUEST ? msg.raw : null), {
  method,
  uri: uriRoot((_core, msg) => (msg.type === REQUEST ? msg.uri : null)),
  version: inRequest(msg => msg.version),
})
const response = branch((_core, msg) => (msg.type === REPLY ? msg.raw : null), {
  version: inReply(msg => msg.version),
  status,
  code: status,
  reason,
})

const firstLine = (msg: SipMessage): string =>
  msg.raw.slice(0, msg.headersStart).replace(/\r?\n$/, '')

const id: Root = branch((_core, msg) => String(msg.id), {
  hex: fact(msg => msg.id.toString(16).padStart(8, '0')),
})

const message = branch((_core, msg) => msg.raw, {
  first_line: fact(firstLine),
  flags: fact(msg => msg.flags >>> 0),
  len: fact(msg => msg.raw.length),
  type: fact(msg => msg.type),
  id,
  header: headers,
  h: headers,
  body: branch((_core, msg) => orNull(bodyOf(msg)), { sdp }),
  content: branch(null, { sdp }),
  request,
  req: request,
  response,
  res: response,
})

/** A header by the name of the select. */
const body = (name: string): Root => leaf(headerSelect(name, 1))

export const messageSelects: Record<string, Root> = {
  msg: message,
  message,
  method,
  version,
  status,
  code: status,
  reason,
  cseq: branch((_core, msg) => msg.header(H_CSEQ), {
    num: fact(msg => msg.cseq?.text ?? null),
    method: fact(msg => msg.cseq?.method ?? null),
  }),
  call_id: leaf((_core, msg) => msg.header(H_CALL_ID)),
  expires: body('Expires'),
  max_forwards: body('Max-Forwards'),
  content_type: body('Content-Type'),
  content_length: body('Content-Length'),
  subject: body('Subject'),
  organization: body('Organization'),
  priority: body('Priority'),
  session_expires: body('Session-Expires'),
  min_se: body('Min-SE'),
  user_agent: body('User-Agent'),
  sip_if_match: body('SIP-If-Match'),
  date: body('Date'),
  identity: body('Identity'),
  identity_info: body('Identity-Info'),
  event: body('Event'),
}
