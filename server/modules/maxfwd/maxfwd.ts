/** Max-Forwards: counted down, or added when absent (RFC 3261 section 16.6 step 3). */
import type { ModuleEnv, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { H_MAX_FORWARDS } from '../../sip/header-names.ts'
import { BODY, BODY_END, type SipMessage } from '../../sip/message.ts'
import type { params } from './maxfwd.module.ts'

/** No such header. */
const ABSENT = -1
const MALFORMED = -2

const NAME = 'Max-Forwards: '

export class MaxForwards {
  readonly config: ModuleEnv<typeof params, {}>['config']
  readonly core: ModuleEnv<typeof params, {}>['core']

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
  }
}

/** 1: counted down; 2: added with the value `initial`; -1: it is 0 already; -2: it is no number. */
export function processMaxForwards(self: MaxForwards, msg: SipMessage, initial: number): Verdict {
  const index = msg.find(H_MAX_FORWARDS)
  if (index < 0) {
    // RFC 3261 section 16.6: "If the copy does not contain a Max-Forwards header field, the proxy
    // MUST add one."
    msg.addEdit(new Edit(msg.headersStart, 0, `${NAME}${initial}\r\n`))
    return 2
  }
  const value = valueInForce(msg, index)
  if (value === 0) return -1
  if (value < 0) {
    self.core.log.error('maxfwd', 'unable to parse the max forwards number')
    return -2
  }
  write(msg, index, Math.min(value - 1, self.config.max_limit))
  return 1
}

/** 1: it is less than `limit`; -1: it is not; -2: there is none; -3: it is no number. */
export function isMaxForwardsLess(_self: MaxForwards, msg: SipMessage, limit: number): Verdict {
  const index = msg.find(H_MAX_FORWARDS)
  const value = index < 0 ? addedValue(msg) : valueInForce(msg, index)
  if (value === ABSENT) return -2
  if (value === MALFORMED) return -3
  return value < limit ? 1 : -1
}

/** The new value takes the place of the old one, as wide as that was, as Kamailio does it. */
function write(msg: SipMessage, index: number, value: number): void {
  const at = msg.headers[index + BODY]!
  const width = msg.headers[index + BODY_END]! - at
  const digits = String(value)
  const text = digits.length === width ? digits : digits.padStart(width)
  const edit = new Edit(at, width, text)
  const before = editOf(msg, at, width)
  if (before < 0) msg.addEdit(edit)
  else msg.edits![before] = edit
}

/** The value as an earlier call left it, else as received. */
function valueInForce(msg: SipMessage, index: number): number {
  if (msg.edits === null) return msg.maxForwards
  const at = msg.headers[index + BODY]!
  const edit = editOf(msg, at, msg.headers[index + BODY_END]! - at)
  return edit < 0 ? msg.maxForwards : Number(msg.edits[edit]!.text)
}

/** Index of the edit that we made at this place, or -1. */
function editOf(msg: SipMessage, at: number, width: number): number {
  const edits = msg.edits
  if (edits === null) return -1
  for (let i = 0; i < edits.length; i++)
    if (edits[i]!.at === at && edits[i]!.remove === width) return i
  return -1
}

/** The value of the header that we added, or ABSENT. */
function addedValue(msg: SipMessage): number {
  const added = msg.edits?.find(edit => edit.remove === 0 && edit.text.startsWith(NAME))
  return added === undefined ? ABSENT : Number.parseInt(added.text.slice(NAME.length), 10)
}
