/** Variables of dialogs: $dlg_var(key). */
import type { SipMessage } from '../../sip/message.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, type DialogVariable, FLAG_CHANGED_VARIABLES } from './dialog-record.ts'

type Variables = Map<string, DialogVariable>

const read = (variables: Variables | null, key: string): string | null =>
  variables?.get(key)?.value ?? null

/** Sets or removes (null) one; false when there was nothing to remove. */
function write(variables: Variables, key: string, value: string | null, keep: boolean): boolean {
  const known = variables.get(key)
  if (value !== null) {
    // What was removed and comes again is a new one: the newest is shown first.
    if (known?.value === null) variables.delete(key)
    variables.set(key, { value, changed: true })
    return true
  }
  if (known === undefined || known.value === null) return false
  // Its row is still to be deleted.
  if (keep) variables.set(key, { value: null, changed: true })
  else variables.delete(key)
  return true
}

export const dialogVariable = (dialog: Dialog, key: string): string | null =>
  read(dialog.variables, key)

export function setDialogVariable(
  self: Dialogs,
  dialog: Dialog,
  key: string,
  value: string | null,
): boolean {
  dialog.variables ??= new Map()
  if (!write(dialog.variables, key, value, self.store !== null)) return false
  self.changed(dialog, FLAG_CHANGED_VARIABLES)
  return true
}

/** Of the dialog of a message; before there is one the message keeps them. */
export function readVariable(self: Dialogs, msg: SipMessage, key: string): string | null {
  const dialog = self.dialogOf(msg)
  return read(dialog === null ? (self.contexts.get(msg)?.variables ?? null) : dialog.variables, key)
}

export function writeVariable(
  self: Dialogs,
  msg: SipMessage,
  key: string,
  value: string | null,
): boolean {
  const dialog = self.dialogOf(msg)
  if (dialog !== null) return setDialogVariable(self, dialog, key, value)
  const context = self.contextOf(msg)
  context.variables ??= new Map()
  return write(context.variables, key, value, false)
}
