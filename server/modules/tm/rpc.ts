/** The tm.* commands. */
import { tm as contract } from '../../../rpc/contract/tm.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { errorReason } from '../../core/errors.ts'
import type { Handlers } from '../../core/module/index.ts'
import { H_CALL_ID, H_FROM, H_TO } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type ClientRequest, LOCAL_COMPLETED } from './api.ts'
import { headerLine, readSent } from './build.ts'
import { reasonOf } from './response.ts'
import { tflags } from './tflags.ts'
import type { Tm } from './tm.ts'
import type { Transaction } from './transaction.ts'
import { readRequest } from './uac.ts'

type Contract = typeof contract
type Row = ResultOf<Contract['tm.list']>[number]

function statistics(self: Tm): ResultOf<Contract['tm.stats']> {
  const c = self.counters
  const completed = (group: number): number => c.completed[group] ?? 0
  return {
    current: c.current,
    waiting: c.waiting,
    total: c.total,
    total_local: c.totalLocal,
    rpl_received: c.replyReceived,
    rpl_generated: c.replyGenerated,
    rpl_sent: c.replySent,
    '6xx': completed(6),
    '5xx': completed(5),
    '4xx': completed(4),
    '3xx': completed(3),
    '2xx': completed(2),
    created: c.created,
    freed: c.freed,
    delayed_free: 0,
  }
}

/** The message that still tells From, To and Call-ID of a transaction, whatever was let go of. */
function witness(t: Transaction): SipMessage | null {
  if (t.request !== null) return t.request
  const text = t.response !== '' ? t.response : (t.branches[0]?.sent ?? '')
  return text === '' ? null : readSent(text)
}

function row(self: Tm, t: Transaction): Row {
  const msg = witness(t)
  const line = (id: number): string => (msg === null ? '' : headerLine(msg, id))
  return {
    // There is no address: index and label name it as well.
    cell: `0x${t.label.toString(16)}`,
    tindex: t.hashIndex,
    tlabel: t.label,
    method: t.method,
    from: line(H_FROM),
    to: line(H_TO),
    callid: line(H_CALL_ID),
    cseq: `CSeq: ${msg?.cseq?.text ?? ''}`,
    uas_request: t.isLocal ? 'no' : 'yes',
    tflags: tflags(self, t),
    outgoings: t.branches.length,
    ref_count: 1,
    lifetime: Math.max(0, Math.round(t.endOfLife - self.core.clock.monotonic())),
  }
}

function cancel(self: Tm, callId: string, cseq: string): number {
  const call = self.key.ofCall(callId, cseq)
  const t = self.table.findCall(call, found => found.isInvite && found.isLocal)
  if (t === null) throw new Fault(400, 'Transaction not found')
  return self.cancel(t)
}

function replyTo(
  self: Tm,
  t: Transaction,
  code: number,
  reason: string,
  tag: string,
  headers: string,
  body: string,
): void {
  const lines = headers === '.' ? '' : headers
  const whole = lines === '' || lines.endsWith('\n') ? lines : `${lines}\r\n`
  if (!self.replyTo(t, code, reason, tag, whole, body)) throw new Fault(500, 'Reply failed')
}

function reply(
  self: Tm,
  code: number,
  reason: string,
  id: string,
  tag: string,
  headers = '',
  body = '',
): undefined {
  const match = /^(\d+):(\d+)$/.exec(id)
  if (match === null) throw new Fault(400, 'Invalid transaction ID')
  const t = self.table.findLabel(Number(match[1]), Number(match[2]))
  if (t === null) throw new Fault(481, 'No such transaction')
  replyTo(self, t, code, reason, tag, headers, body)
}

function replyCall(
  self: Tm,
  code: number,
  reason: string,
  callId: string,
  cseq: string,
  tag: string,
  headers = '',
  body = '',
): undefined {
  const call = self.key.ofCall(callId, cseq)
  const t = self.table.findCall(call, found => !found.isLocal)
  if (t === null) throw new Fault(404, 'Transaction not found')
  replyTo(self, t, code, reason, tag, headers, body)
}

function start(self: Tm, request: ClientRequest): void {
  if (self.request(request) !== null) return
  const { clientError } = self
  const dropped = 'No error (0/RPC/UAC)'
  throw new Fault(500, clientError === 0 ? dropped : errorReason(clientError, 'RPC/UAC'))
}

function uacStart(
  self: Tm,
  method: string,
  uri: string,
  hop: string,
  socket: string,
  headers: string,
  body = '',
): undefined {
  start(self, readRequest(self, method, uri, hop, socket, headers, body))
}

interface Outcome {
  readonly code: number
  readonly text: string
  readonly reply: SipMessage | null
}

/** Starts a request and waits for its final reply. */
function finalReply(self: Tm, request: ClientRequest): Promise<Outcome> {
  return new Promise(resolve => {
    request.events = LOCAL_COMPLETED
    request.callback = (_event, _t, _request, reply, code) =>
      resolve({ code, text: reply === null ? reasonOf(code) : reply.reason, reply })
    start(self, request)
  })
}

async function uacWaitBlock(
  self: Tm,
  method: string,
  uri: string,
  hop: string,
  socket: string,
  headers: string,
  body = '',
): Promise<{ code: number; text: string }> {
  const request = readRequest(self, method, uri, hop, socket, headers, body)
  const { code, text } = await finalReply(self, request)
  return { code, text }
}

async function uacWait(
  self: Tm,
  method: string,
  uri: string,
  hop: string,
  socket: string,
  headers: string,
  body = '',
): Promise<(string | number)[]> {
  const request = readRequest(self, method, uri, hop, socket, headers, body)
  const { code, text, reply } = await finalReply(self, request)
  if (reply === null) return [code, text]
  return [code, text, request.uri, request.nextHop ?? '', '', reply.raw.slice(reply.headersStart)]
}

function hashStatistics(): never {
  throw new Fault(500, 'Hash statistics not supported (tryrecompiling with -DTM_HASH_STATS)')
}

export const handlers: Handlers<Tm, Contract> = {
  'tm.stats': statistics,
  'tm.hash_stats': hashStatistics,
  'tm.list': self => self.table.all().map(t => row(self, t)),
  'tm.clean': self => {
    self.clean()
  },
  'tm.cancel': (self, callId, cseq) => [cancel(self, callId, cseq)],
  'tm.reply': reply,
  'tm.reply_callid': replyCall,
  'tm.t_uac_start': uacStart,
  'tm.t_uac_wait': uacWait,
  'tm.t_uac_wait_block': uacWaitBlock,
}
