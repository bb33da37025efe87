/** uac_replace_from and uac_replace_to: another display name and URI in From or To. */
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import { H_FROM, H_TO } from '../../sip/header-names.ts'
import { MSG_FROM_REPLACED, MSG_TO_REPLACED, type SipMessage } from '../../sip/message.ts'
import { type AddressParts, addressParts, putDisplay } from './address-parts.ts'
import { noteInDialog } from './dialog-restore.ts'
import { addressText, restoreReplies } from './restore.ts'
import { AUTO, NONE } from './restore-mode.ts'
import type { Uac } from './uac.ts'
import { isReplaced, putUri } from './uri-edit.ts'
import { maskUri } from './uri-mask.ts'

/** Notes how the old URI is found again; false when it was noted before. */
function remember(
  self: Uac,
  msg: SipMessage,
  header: number,
  parts: AddressParts,
  display: string | null,
  uri: string,
): boolean {
  const { config, core, dialogs } = self
  const isFrom = header === H_FROM
  const name = isFrom ? 'FROM' : 'TO'
  if (self.mode === AUTO && msg.to?.tag) {
    const why = 'in sequential request in auto mode (has TO tag)'
    core.log.error('uac', `decline ${name} replacing ${why}`)
    return false
  }
  const isNoted = dialogs !== null && noteInDialog(dialogs, msg, header, parts, display, uri)
  if (!isNoted) {
    const param = isFrom ? config.rr_from_store_param : config.rr_to_store_param
    const masked = maskUri(parts.uriText, uri, config.restore_passwd)
    self.rr!.addParam(msg, `;${param}=${masked}`)
  }
  const kept: PvHandle | null = isFrom ? config.restore_from_avp : config.restore_to_avp
  kept?.set?.(msg, addressText(msg, header))
  if ((msg.messageFlags & (MSG_FROM_REPLACED | MSG_TO_REPLACED)) === 0) restoreReplies(self, msg)
  msg.messageFlags |= isFrom ? MSG_FROM_REPLACED : MSG_TO_REPLACED
  return true
}

/** `display` null leaves the name as it is, an empty `uri` the URI. */
export function replace(
  self: Uac,
  msg: SipMessage,
  header: number,
  display: string | null,
  uri: string,
): Verdict {
  const parts = addressParts(msg, header)
  if (parts === null) {
    self.core.log.error('uac', `failed to parse ${header === H_FROM ? 'FROM' : 'TO'} header`)
    return -1
  }
  // What cannot be restored is left alone, the name too.
  if (uri !== '' && self.mode !== NONE) {
    if (isReplaced(msg, parts)) {
      const name = header === H_FROM ? 'uac_replace_from' : 'uac_replace_to'
      self.core.log.error('uac', `called ${name}() multiple times on the message`)
      return -1
    }
    if (!remember(self, msg, header, parts, display, uri)) return -1
  }
  if (display !== null) putDisplay(msg, parts, display)
  if (uri !== '') putUri(msg, parts, uri)
  return 1
}

/** With one argument it is the URI, with two the first is the display name. */
const replaceIn =
  (header: number) =>
  (self: Uac, msg: SipMessage, first: string, second?: string): Verdict =>
    second === undefined
      ? replace(self, msg, header, null, first)
      : replace(self, msg, header, first, second)

export const replaceFrom = replaceIn(H_FROM)
export const replaceTo = replaceIn(H_TO)
