/** What the functions of textops share: the log, the clock and where a message's body lies. */
import type { ModuleEnv } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'

type Env = ModuleEnv<{}, {}>

export class Textops {
  readonly core: Env['core']

  constructor(env: Env) {
    this.core = env.core
  }

  /** Says why a function fails; the verdict is -1. */
  fail(why: string): -1 {
    this.core.log.error('textops', why)
    return -1
  }
}

/** The offset after the body: what lies behind it in a datagram is no part of the message. */
export function bodyEnd(msg: SipMessage): number {
  const length = msg.contentLength
  return length < 0 ? msg.raw.length : Math.min(msg.raw.length, msg.bodyStart + length)
}

/** Puts a header line at the end of the headers. */
export function addHeader(msg: SipMessage, line: string): void {
  msg.addEdit(new Edit(msg.headersEnd, 0, line))
}
