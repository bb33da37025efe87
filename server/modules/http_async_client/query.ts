/** http_async_query. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { HttpAsyncClient } from './http_async_client.ts'

/** 0: the request was set aside; 1: the script goes on, the route runs about nothing. */
export function httpAsyncQuery(
  self: HttpAsyncClient,
  msg: SipMessage,
  url: string,
  name: string,
): Verdict {
  const block = self.core.kemi.block('route', name)
  if (block === null || url === '' || self.isFull) {
    if (block === null) self.error(`route block not found: ${name}`)
    else self.error(url === '' ? 'invalid url parameter' : 'too many requests at once')
    return -1
  }
  const request = self.requestOf(msg)
  // What was set is for this request alone.
  self.forget(msg)
  if (!request.suspend || self.tm.transactionOf(msg) === null) {
    self.ask(msg, url, request, told => self.runAlone(block, told))
    return 1
  }
  const verdict = self.tm.suspend(msg)
  if (verdict <= 0) {
    if (verdict < 0) self.error('failed to suspend the processing')
    return verdict < 0 ? -1 : 0
  }
  const { hashIndex, label } = self.tm.transactionOf(msg)!
  self.ask(msg, url, request, told => self.resume(hashIndex, label, block, told))
  return 0
}
