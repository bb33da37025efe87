/** Failure routes of requests of our own (parameter enable_uac_fr). */
import { logMistake } from '../../core/mistake.ts'
import { SipMessage } from '../../sip/message.ts'
import type { Received } from '../../sip/transport.ts'
import { runFailure } from './failure.ts'
import type { Tm } from './tm.ts'
import type { ClientBranch, Transaction } from './transaction.ts'

/**
 * The script has armed a failure route for a request that is about to leave: what is sent becomes
 * the request that the route will be about.
 */
export function keepForFailure(tm: Tm, branch: ClientBranch, received: Received): void {
  const t = branch.transaction
  if (t.onFailure === null) return
  if (tm.config.enable_uac_fr === 0) {
    tm.core.log.warn('tm', 'no failure route for a request of our own without enable_uac_fr')
    t.onFailure = null
    return
  }
  t.request = new SipMessage(branch.sent, received, 0)
  t.request.transaction = t
  t.request.uriConsumed = true
}

/**
 * Runs it. True when the request goes on: the route has relayed it again, or waits for something,
 * and then `conclude` is called unless it has relayed it in the end.
 */
export function tryAgain(tm: Tm, branch: ClientBranch, conclude: () => void): boolean {
  const t = branch.transaction
  if (t.onFailure === null || t.request === null) return false
  const { raw } = t.request
  const waiting = runFailure(tm, t, branch)
  if (waiting === null) return isPending(t)
  waiting
    .then(() => {
      if (t.status < 200 && !isPending(t)) conclude()
    })
    .catch(error => logMistake(tm.core.log, 'after a failure_route that waited', raw, error))
  return true
}

const isPending = (t: Transaction): boolean => t.branches.some(branch => branch.status < 200)
