/** What the routing script calls and reads. */
import type { PvValue } from '../../core/module/index.ts'
import { BadValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Outcome } from './execute.ts'
import { HTTP, type JsonRpcS } from './jsonrpcs.ts'

const CONTENT_TYPE = 'application/json'

/**
 * jsonrpc_dispatch(): answers the HTTP request that is being processed. The reply may follow later.
 */
export function dispatch(self: JsonRpcS, msg: SipMessage): number {
  const { xhttp } = self
  if (xhttp === null || !self.uses(HTTP)) {
    self.error('jsonrpc_dispatch: load xhttp and let the parameter transport include 1 (HTTP)')
    return -1
  }
  const outcome = self.execute(msg.raw.slice(msg.bodyStart), 'http')
  if (outcome === null) return -1
  const reply = ({ code, reason, body }: Outcome): number =>
    // A code that HTTP does not have cannot be its status.
    code >= 100 && code <= 699
      ? xhttp.reply(msg, code, reason, CONTENT_TYPE, body)
      : xhttp.reply(msg, 500, reason, CONTENT_TYPE, body)
  if (!(outcome instanceof Promise)) return reply(outcome)
  void outcome.then(reply)
  return 1
}

/** jsonrpc_exec("..."): executes a command of the script; the result is in $jsonrpl. */
export function exec(self: JsonRpcS, _msg: SipMessage, text: string): number | Promise<number> {
  const outcome = self.execute(text, 'script')
  if (outcome === null) return -1
  const keep = (done: Outcome): number => {
    self.last = done
    return 1
  }
  return outcome instanceof Promise ? outcome.then(keep) : keep(outcome)
}

export type ReplyPart = 'code' | 'text' | 'body'

export function replyPart(inner: string): ReplyPart {
  if (inner === 'code' || inner === 'text' || inner === 'body') return inner
  throw new BadValue(`$jsonrpl(${inner}) is not there`, 'write code, text or body')
}

export function getReplyPart({ last }: JsonRpcS, _msg: SipMessage, part: ReplyPart): PvValue {
  if (last.body === '') return null
  if (part === 'code') return last.code
  return part === 'text' ? last.reason : last.body
}
