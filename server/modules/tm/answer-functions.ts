/** t_newtran, t_reply and the other functions by which a script is a user agent server. */
import { L_CRIT } from '../../core/log.ts'
import type { Verdict } from '../../core/module/index.ts'
import { BRANCH_FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { answer } from './answer.ts'
import { newTransaction, wait } from './server.ts'
import type { Tm } from './tm.ts'
import { HANDLED } from './transaction.ts'

/** t_reply: only with a transaction. */
export function tReply(tm: Tm, msg: SipMessage, wanted: number, phrase: string): Verdict {
  const t = tm.current(msg)
  if (t === null) {
    tm.core.log.error(
      'tm',
      'cannot send a t_reply to a message for which no T-state has been established',
    )
    return -1
  }
  // What becomes of the whole is not for the route of one branch to say; Kamailio refuses it, too.
  if ((msg.routeType & BRANCH_FAILURE_ROUTE) !== 0) {
    tm.core.log.write(L_CRIT, 'tm', 't_reply entered in unsupported mode')
    return -1
  }
  const code = wanted >= 100 && wanted <= 699 ? wanted : tm.config.default_code
  const reason = phrase === '' ? tm.config.default_reason : phrase
  return answer(tm, t, code, reason, '', null) ? 1 : -1
}

/** t_send_reply: makes the transaction if there is none. */
export function tSendReply(tm: Tm, msg: SipMessage, code: number, reason: string): Verdict {
  if (tm.current(msg) === null) {
    const made = newTransaction(tm, msg)
    if (made <= 0) return made
  }
  return tReply(tm, msg, code, reason)
}

/** t_retransmit_reply. */
export function retransmitLastReply(tm: Tm, msg: SipMessage): Verdict {
  const t = tm.current(msg)
  if (t === null || t.response === '' || t.destination === null) return -1
  return tm.core.network.send(t.response, t.destination) ? 1 : -1
}

/** t_release: the transaction only waits for late messages from now on. */
export function release(tm: Tm, msg: SipMessage): Verdict {
  const t = tm.current(msg)
  if (t === null) return -1
  t.flags |= HANDLED
  wait(tm, t)
  return 1
}

/** t_clean: transactions whose life is over and that something keeps all the same. */
export function clean(tm: Tm): Verdict {
  tm.clean()
  return 1
}
