/** dbg_sip_msg(): the message as it would be sent now, and what was changed in it. */
import { L_DBG } from '../../core/log.ts'
import type { Verdict } from '../../core/module/index.ts'
import { type Edit, editsFrom, inOrder } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import { printChanged } from '../../sip/print.ts'
import type { Debugger } from './debugger.ts'

/** What was taken away stands behind a minus sign, what was added as it is. */
function difference(msg: SipMessage, { at, remove, text }: Edit): string {
  return `${remove > 0 ? `- ${msg.raw.slice(at, at + remove)}` : ''}${text}`
}

const lines = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

export function printMessage(
  self: Debugger,
  msg: SipMessage,
  level = L_DBG,
  facility = '',
): Verdict {
  const { log } = self.core
  if (!log.enabled(level)) return 1
  const edits = msg.edits === null ? [] : inOrder(editsFrom(msg.edits, msg.received.socket))
  const differences = (inBody: boolean): string =>
    edits
      .filter(({ at }) => at >= msg.bodyStart === inBody)
      .map(edit => lines(difference(msg, edit)))
      .join('')
  const text = [
    'the message so far\n',
    '------------------------- START OF SIP message debug --------------------------\n',
    lines(printChanged(msg)),
    '------------------------------ SIP header diffs -------------------------------\n',
    differences(false),
    '------------------------------- SIP body diffs --------------------------------\n',
    differences(true),
    '-------------------------- END OF SIP message debug ---------------------------\n',
  ].join('')
  log.write(level, 'debugger', text, facility)
  return 1
}
