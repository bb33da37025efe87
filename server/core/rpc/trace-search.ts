/**
 * Looks through the remembered messages, a slice at a time: the ring may hold tens of thousands and
 * SIP must go on.
 */
import { isUtf8 } from 'node:buffer'
import type { tracedMessage, traceStatus } from '../../../rpc/contract/ohana.ts'
import type { TypeOf } from '../../../rpc/schema.ts'
import { inBrackets } from '../../lib/ip.ts'
import { protoName } from '../../sip/transport.ts'
import type { Trace, TracedMessage } from '../trace.ts'

export type TracedRow = TypeOf<typeof tracedMessage>
export type TraceStatus = TypeOf<typeof traceStatus>

/** Messages looked at between two turns of the event loop. */
const SLICE = 500

export interface TraceFilter {
  readonly callid?: string
  readonly user?: string
  readonly since_us?: number
  readonly after?: number
  readonly limit?: number
}

/** The request line, or a header that names a party. */
const WHERE = '^(?:[A-Z]+ |(?:from|f|to|t|contact|m)[ \\t]*:)'

/** Does this message belong to what is asked for? Made once per search. */
export function matcher(filter: TraceFilter): (text: string) => boolean {
  const { callid, user } = filter
  const userPattern =
    user === undefined
      ? null
      : new RegExp(`${WHERE}.*?\\b(?:sips?|tel):${literal(user)}[@;:>\\s]`, 'im')
  return text => {
    const end = text.indexOf('\r\n\r\n')
    const head = end < 0 ? text : text.slice(0, end)
    if (callid !== undefined && callIdOf(head) !== callid) return false
    if (userPattern === null) return true
    return head.includes(user!) && userPattern.test(head)
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function callIdOf(head: string): string | null {
  return /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(head)?.[1] ?? null
}

export async function search(
  trace: Trace,
  filter: TraceFilter,
): Promise<{ messages: TracedRow[]; more: boolean }> {
  const matches = matcher(filter)
  const limit = filter.limit ?? 1000
  const oldest = Math.max(trace.oldest, (filter.after ?? 0) + 1)
  const found: TracedRow[] = []
  for (let seq = trace.newest, looked = 0; seq >= oldest; seq--) {
    if (++looked % SLICE === 0) await new Promise(resolve => setImmediate(resolve))
    const message = trace.read(seq)
    // It was overwritten while we waited, and so was everything older.
    if (message === null || message.time < (filter.since_us ?? 0)) break
    if (!matches(message.text)) continue
    if (found.length >= limit) return { messages: found.reverse(), more: true }
    found.push(row(message))
  }
  return { messages: found.reverse(), more: false }
}

/** A message as it is shown: source first, whichever side we are. */
export function row(message: TracedMessage): TracedRow {
  const local = `${inBrackets(message.localIp)}:${message.localPort}`
  const remote = `${inBrackets(message.remoteIp)}:${message.remotePort}`
  const incoming = message.direction === 'in'
  const facts = {
    seq: message.seq,
    time_us: message.time,
    direction: message.direction,
    proto: protoName(message.proto),
    src: incoming ? remote : local,
    dst: incoming ? local : remote,
  }
  if (isUtf8(Buffer.from(message.text, 'latin1'))) return { ...facts, text: message.text }
  // Shown byte by byte: each becomes the character of its number, in UTF-8.
  return {
    ...facts,
    encoding: 'latin1',
    text: Buffer.from(message.text, 'utf8').toString('latin1'),
  }
}

export function traceStatusOf(trace: Trace): TraceStatus {
  const { oldest, newest } = trace
  return {
    enabled: trace.enabled,
    oldest,
    newest,
    oldest_us: trace.read(oldest)?.time ?? null,
    wrapped: oldest > 1 && newest > 0,
  }
}
