/** $uac_req and uac_req_send: a request of our own from values that the script put together. */
import { eventMessage } from '../../core/event-message.ts'
import { type PvValue, type Verdict } from '../../core/module/index.ts'
import { EVENT_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { type ClientRequest, LOCAL_COMPLETED } from '../tm/api.ts'
import { authorizationLine, challengesOf, isChallenge } from './auth.ts'
import type { Uac } from './uac.ts'

const TEXTS = [
  'method',
  'ruri',
  'turi',
  'furi',
  'ouri',
  'hdrs',
  'body',
  'callid',
  'sock',
  'auser',
  'apasswd',
  'evparam',
] as const
const NUMBERS = ['flags', 'evroute', 'evcode', 'evtype'] as const
/** What `all` is assigned to: everything is forgotten. */
const ALL = 'all'

type TextName = (typeof TEXTS)[number]
type NumberName = (typeof NUMBERS)[number]

export type RequestValues = Record<TextName, string> & Record<NumberName, number>

export const noValues = (): RequestValues => ({
  method: '',
  ruri: '',
  turi: '',
  furi: '',
  ouri: '',
  hdrs: '',
  body: '',
  callid: '',
  sock: '',
  auser: '',
  apasswd: '',
  evparam: '',
  flags: 0,
  evroute: 0,
  evcode: 0,
  evtype: 0,
})

const isText = (key: string): key is TextName => (TEXTS as readonly string[]).includes(key)
const isNumber = (key: string): key is NumberName => (NUMBERS as readonly string[]).includes(key)

export const isValueName = (key: string): boolean => key === ALL || isText(key) || isNumber(key)

export function readValue(self: Uac, _msg: SipMessage, key: string): PvValue {
  if (isText(key)) return self.request[key] === '' ? null : self.request[key]
  return isNumber(key) ? self.request[key] : self.request.flags
}

export function writeValue(self: Uac, _msg: SipMessage, value: PvValue, key: string): void {
  if (key === ALL) self.request = noValues()
  else if (isText(key)) {
    if (typeof value === 'number') self.core.log.error('uac', 'Invalid value type')
    else self.request[key] = value ?? ''
  } else if (key === 'evroute' || key === 'flags') {
    if (typeof value === 'string') self.core.log.error('uac', 'Invalid value type')
    else self.request[key] = value ?? 0
  }
}

// ---- $uac_req(evroute)
/** The event route runs for the final reply; bit 2: for a failure. */
const ON_REPLY = 1
const ON_FAILURE = 2
/** $uac_req(flags): the password is the hash of user, realm and password. */
const HA1 = 1
const FIRST_CSEQ = 10

const addressOf = (uri: string): string => `<${uri}>`

/** uac_req_send(). */
export function sendRequest(self: Uac): Verdict {
  const { request: values } = self
  if (values.method === '' || values.ruri === '') return -1
  const request: ClientRequest = {
    method: values.method,
    uri: values.ruri,
    from: addressOf(values.furi === '' ? values.ruri : values.furi),
    to: addressOf(values.turi === '' ? values.ruri : values.turi),
    callId: values.callid,
    cseq: FIRST_CSEQ,
    nextHop: values.ouri,
    socket: self.socket(values.sock),
    // The next line begins behind them, whatever the script left out.
    headers: values.hdrs === '' || values.hdrs.endsWith('\n') ? values.hdrs : `${values.hdrs}\r\n`,
    body: values.body,
  }
  return send(self, request, { ...values }, false) ? 1 : -1
}

function send(self: Uac, request: ClientRequest, sent: RequestValues, again: boolean): boolean {
  const logs = sent.auser !== '' && sent.apasswd !== ''
  if (sent.evroute !== 0 || (logs && !again)) {
    request.events = LOCAL_COMPLETED
    request.callback = (_event, transaction, _request, reply, code) => {
      tell(self, sent, reply, code)
      if (!logs || again || reply === null || !isChallenge(code)) return
      const uri = transaction.branches[0]?.uri ?? request.uri
      answer(self, request, sent, reply, code, uri)
    }
  }
  return self.tm.request(request) !== null
}

/** The same request once more, with credentials. */
function answer(
  self: Uac,
  request: ClientRequest,
  sent: RequestValues,
  reply: SipMessage,
  code: number,
  uri: string,
): void {
  const [challenge] = challengesOf(reply, code)
  if (challenge === undefined) {
    self.core.log.error('uac', 'failed to extract authenticate hdr')
    return
  }
  const { method, body = '', headers = '' } = request
  const login = { user: sent.auser, password: sent.apasswd, isHa1: (sent.flags & HA1) !== 0 }
  const line = authorizationLine(self, code, challenge, login, method, uri, body)
  // RFC 3261 section 22.2: Call-ID and From tag stay, the CSeq number is higher by one.
  const next: ClientRequest = {
    ...request,
    callId: reply.callId,
    fromTag: reply.from?.tag ?? '',
    cseq: (request.cseq ?? FIRST_CSEQ) + 1,
    headers: headers + line,
  }
  delete next.callback
  send(self, next, sent, true)
}

/** Runs event_route[uac:reply], in which $uac_req is what the request was sent with. */
function tell(self: Uac, sent: RequestValues, reply: SipMessage | null, code: number): void {
  if ((sent.evroute & ON_REPLY) !== 0) runEvent(self, sent, reply, code, ON_REPLY)
  if ((sent.evroute & ON_FAILURE) !== 0 && code >= 300)
    runEvent(self, sent, reply, code, ON_FAILURE)
}

function runEvent(
  self: Uac,
  sent: RequestValues,
  reply: SipMessage | null,
  code: number,
  type: number,
): void {
  const { core, replyRoute } = self
  if (replyRoute === null) return
  self.request = { ...sent, evcode: code, evtype: type }
  const [socket] = core.sockets.list
  const msg = reply ?? (socket === undefined ? null : eventMessage(socket))
  // A route that waits goes on by itself.
  if (msg !== null) void core.routes.run(replyRoute, msg, EVENT_ROUTE)
}
