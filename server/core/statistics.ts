/**
 * The core's own statistics: what was received, forwarded, dropped (group `core`, Kamailio's
 * names).
 */
import {
  ACK,
  BYE,
  CANCEL,
  INFO,
  INVITE,
  MESSAGE,
  NOTIFY,
  OPTIONS,
  PRACK,
  PUBLISH,
  REFER,
  REGISTER,
  SUBSCRIBE,
  UPDATE,
} from '../sip/method.ts'
import type { Counter, Counters } from './counters.ts'

const REQUESTS: readonly (readonly [number, string])[] = [
  [INVITE, 'invite'],
  [CANCEL, 'cancel'],
  [ACK, 'ack'],
  [BYE, 'bye'],
  [INFO, 'info'],
  [REGISTER, 'register'],
  [SUBSCRIBE, 'subscribe'],
  [NOTIFY, 'notify'],
  [MESSAGE, 'message'],
  [OPTIONS, 'options'],
  [PRACK, 'prack'],
  [UPDATE, 'update'],
  [REFER, 'refer'],
  [PUBLISH, 'publish'],
]
/** Methods whose replies are counted by class as well. */
const REPLIES: readonly (readonly [number, string])[] = [
  [INVITE, 'invite'],
  [CANCEL, 'cancel'],
  [BYE, 'bye'],
  [MESSAGE, 'message'],
  [PRACK, 'prack'],
  [REFER, 'refer'],
  [REGISTER, 'reg'],
  [UPDATE, 'update'],
]
const CODES = [401, 404, 407, 480, 486]

/** Position of a method's bit, an index into small arrays. */
const bitIndex = (bit: number): number => 31 - Math.clz32(bit)

export class CoreStatistics {
  readonly received: Counter
  readonly receivedReplies: Counter
  readonly forwardedRequests: Counter
  readonly forwardedReplies: Counter
  readonly droppedRequests: Counter
  readonly droppedReplies: Counter
  readonly requestErrors: Counter
  readonly replyErrors: Counter
  readonly badUris: Counter
  readonly unsupportedMethods: Counter
  readonly badHeaders: Counter
  private readonly requestsByMethod: (Counter | undefined)[] = []
  private readonly repliesByClass: Counter[] = []
  private readonly repliesByCode: (Counter | undefined)[] = []
  private readonly provisional18x: Counter
  private readonly repliesByMethodAndClass: (Counter[] | undefined)[] = []

  constructor(counters: Counters) {
    const make = (name: string, doc: string): Counter => counters.register('core', name, doc)
    this.received = make('rcv_requests', 'Requests received')
    for (const [bit, name] of REQUESTS) {
      this.requestsByMethod[bitIndex(bit)] = make(
        `rcv_requests_${name}`,
        `${name.toUpperCase()} requests received`,
      )
    }
    this.receivedReplies = make('rcv_replies', 'Replies received')
    for (let c = 1; c <= 6; c++)
      this.repliesByClass[c] = make(`rcv_replies_${c}xx`, `${c}xx replies received`)
    this.provisional18x = make('rcv_replies_18x', '18x replies received')
    for (const code of CODES)
      this.repliesByCode[code] = make(`rcv_replies_${code}`, `${code} replies received`)
    for (const [bit, name] of REPLIES) {
      const rows: Counter[] = []
      for (let c = 1; c <= 6; c++) {
        rows[c] = make(
          `rcv_replies_${c}xx_${name}`,
          `${c}xx replies to ${name.toUpperCase()} received`,
        )
      }
      this.repliesByMethodAndClass[bitIndex(bit)] = rows
    }
    this.forwardedRequests = make('fwd_requests', 'Requests forwarded')
    this.forwardedReplies = make('fwd_replies', 'Replies forwarded')
    this.droppedRequests = make('drop_requests', 'Requests dropped')
    this.droppedReplies = make('drop_replies', 'Replies dropped')
    this.requestErrors = make('err_requests', 'Requests that could not be processed')
    this.replyErrors = make('err_replies', 'Replies that could not be processed')
    this.badUris = make('bad_URIs_rcvd', 'Requests with a URI that does not parse')
    this.unsupportedMethods = make(
      'unsupported_methods',
      'Requests with a method that is none of the known ones',
    )
    this.badHeaders = make('bad_msg_hdr', 'Messages with malformed headers')
  }

  countRequest(bit: number): void {
    this.received.value++
    const counter = this.requestsByMethod[bitIndex(bit)]
    if (counter === undefined) this.unsupportedMethods.value++
    else counter.value++
  }

  countReply(status: number, bit: number): void {
    this.receivedReplies.value++
    const group = (status / 100) | 0
    if (group > 6) return
    this.repliesByClass[group]!.value++
    if (status >= 180 && status < 190) this.provisional18x.value++
    const byCode = this.repliesByCode[status]
    if (byCode !== undefined) byCode.value++
    const rows = this.repliesByMethodAndClass[bitIndex(bit)]
    if (rows !== undefined) rows[group]!.value++
  }
}
