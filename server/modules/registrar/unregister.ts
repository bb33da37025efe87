/** unregister(): the script takes contacts away. */
import type { Verdict } from '../../core/module.ts'
import type { SipMessage } from '../../sip/message.ts'
import { addressOfRecord } from './aor.ts'
import type { Registrar, TableRef } from './registrar.ts'

const NO_ADDRESS = -1
const NOT_REMOVED = -2
const NOT_FOUND = -3

export function unregister(
  self: Registrar,
  _msg: SipMessage,
  ref: TableRef,
  uri: string,
  ruid = '',
): Verdict {
  const table = ref.in(self.usrloc)
  if (uri === '' && ruid !== '') {
    self.core.log.error('registrar', 'unregister: a contact in memory is found by its address only')
    return NOT_REMOVED
  }
  const aor = addressOfRecord(self, uri)
  if (aor === null || aor === '') return NO_ADDRESS
  if (ruid === '') {
    table.removeAll(aor)
    return 1
  }
  const contact = table.byRuid(aor, ruid)
  if (contact === null) return NOT_FOUND
  return table.remove(contact) ? 1 : NOT_REMOVED
}
