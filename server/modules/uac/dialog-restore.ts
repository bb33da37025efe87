/** restore_dlg: both addresses are in variables of the dialog, and nothing is in Record-Route. */
import { H_FROM, H_TO } from '../../sip/header-names.ts'
import { MSG_FROM_REPLACED, MSG_TO_REPLACED, type SipMessage } from '../../sip/message.ts'
import {
  ACKNOWLEDGED,
  type Dialog,
  type DialogApi,
  NO_DIRECTION,
  REQUEST_WITHIN,
  TERMINATED,
  UPSTREAM,
} from '../dialog/api.ts'
import { type AddressParts, addressParts, putDisplay } from './address-parts.ts'
import { putUri } from './uri-edit.ts'

/** Names of the variables, as Kamailio's dialogs in a database have them. */
interface Names {
  readonly uri: string
  readonly newUri: string
  readonly display: string
  readonly newDisplay: string
}

const FROM: Names = {
  uri: '_uac_fu',
  newUri: '_uac_funew',
  display: '_uac_fdp',
  newDisplay: '_uac_fdpnew',
}
const TO: Names = {
  uri: '_uac_to',
  newUri: '_uac_tonew',
  display: '_uac_tdp',
  newDisplay: '_uac_tdpnew',
}

/** Notes both addresses in the dialog of the request; false when it has none. */
export function noteInDialog(
  dialogs: DialogApi,
  msg: SipMessage,
  header: number,
  parts: AddressParts,
  display: string | null,
  uri: string,
): boolean {
  const dialog = dialogs.dialogOf(msg)
  if (dialog === null) return false
  const names = header === H_FROM ? FROM : TO
  const old = msg.raw.slice(parts.display, parts.display + parts.displayLength)
  dialogs.setVariable(dialog, names.uri, parts.uriText)
  dialogs.setVariable(dialog, names.newUri, uri)
  dialogs.setVariable(dialog, names.display, old)
  dialogs.setVariable(dialog, names.newDisplay, display ?? '')
  return true
}

/** Gives each side in all later requests the addresses that it knows. */
export function restoreByDialogs(dialogs: DialogApi): void {
  dialogs.on(REQUEST_WITHIN | ACKNOWLEDGED | TERMINATED, (dialog, { request, direction }) => {
    if (request === null || direction === NO_DIRECTION || dialog.variables === null) return
    restore(dialogs, dialog, request, direction, FROM, direction === UPSTREAM ? H_TO : H_FROM)
    restore(dialogs, dialog, request, direction, TO, direction === UPSTREAM ? H_FROM : H_TO)
  })
}

function restore(
  dialogs: DialogApi,
  dialog: Dialog,
  request: SipMessage,
  direction: number,
  names: Names,
  header: number,
): void {
  const up = direction === UPSTREAM
  const uri = dialogs.variable(dialog, up ? names.uri : names.newUri)
  const parts = uri === null || uri === '' ? null : addressParts(request, header)
  if (uri === null || parts === null) return
  // A name that was left alone in the first request is left alone in the others.
  if ((dialogs.variable(dialog, names.newDisplay) ?? '') !== '')
    putDisplay(
      request,
      parts,
      dialogs.variable(dialog, up ? names.display : names.newDisplay) ?? '',
    )
  putUri(request, parts, uri)
  request.messageFlags |= header === H_FROM ? MSG_FROM_REPLACED : MSG_TO_REPLACED
}
