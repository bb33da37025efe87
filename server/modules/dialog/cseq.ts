/**
 * CSeq numbers of the two sides differ when uac has authenticated for the caller: the request goes
 * out once more with a higher one (RFC 3261 section 22.2), and so does all that follows.
 */
import { Edit } from '../../sip/edit.ts'
import { H_CSEQ } from '../../sip/header-names.ts'
import { BODY, type SipMessage } from '../../sip/message.ts'
import { ACK } from '../../sip/method.ts'
import { RESPONSE_FWDED, type TransactionCallback, type TransactionView } from '../tm/api.ts'
import { DOWNSTREAM } from './api.ts'
import type { Dialogs } from './dialog.ts'
import { CSEQ_DIFFERS, type Dialog } from './dialog-record.ts'
import { dialogVariable, setDialogVariable } from './variables.ts'

/** The variable that holds how far the numbers are apart. */
const DIFFERENCE = 'cseq_diff'

/** How much higher the callee's numbers are. */
export function differenceOf(dialog: Dialog): number {
  if ((dialog.iflags & CSEQ_DIFFERS) === 0) return 0
  const value = Number(dialogVariable(dialog, DIFFERENCE) ?? 0)
  return Number.isInteger(value) && value > 0 ? value : 0
}

class NumberEdit extends Edit {}

function write(msg: SipMessage, number: number): void {
  const { cseq } = msg
  if (cseq === null) return
  // A re-INVITE that is authenticated as well had a higher number before.
  const before = msg.edits?.findIndex(edit => edit instanceof NumberEdit) ?? -1
  if (before >= 0) msg.edits!.splice(before, 1)
  const start = msg.headers[msg.find(H_CSEQ) + BODY]!
  msg.addEdit(new NumberEdit(start, cseq.text.length, String(number)))
}

/** The replies to a request whose number was raised have its own again. */
const cseqRestorer: TransactionCallback = (_event, _transaction, request, reply) => {
  const own = request?.cseq ?? null
  const other = reply?.cseq ?? null
  if (own !== null && other !== null && own.number !== other.number) write(reply!, own.number)
}

export const restoreLater = (transaction: TransactionView): void =>
  transaction.addCallback(RESPONSE_FWDED, cseqRestorer)

/**
 * The next branch of a request from the caller has a number that is higher by one more, because it
 * has credentials.
 */
export function raiseForCredentials(self: Dialogs, msg: SipMessage): void {
  const match = self.config.track_cseq_updates === 0 ? null : self.matchOf(msg)
  if (match === null || match.direction !== DOWNSTREAM || msg.cseq === null) return
  const { dialog } = match
  const transaction = self.tm.transactionOf(msg)
  const more = differenceOf(dialog) + 1
  setDialogVariable(self, dialog, DIFFERENCE, String(more))
  dialog.iflags |= CSEQ_DIFFERS
  write(msg, msg.cseq.number + more)
  if (transaction !== null && !self.raised.has(transaction)) {
    self.raised.add(transaction)
    restoreLater(transaction)
  }
}

/** A later request of the caller. True: its replies are to have their own number again. */
export function raiseWithin(dialog: Dialog, msg: SipMessage): boolean {
  const more = differenceOf(dialog)
  if (more === 0 || msg.cseq === null) return false
  write(msg, msg.cseq.number + more)
  return msg.methodBit !== ACK
}
