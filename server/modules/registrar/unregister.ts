/** unregister(): the script takes contacts away. */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { LocationChanges, LocationTable } from '../usrloc/api.ts'
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
): Verdict | Promise<Verdict> {
  const table = ref.in(self.usrloc)
  if (uri === '' && ruid !== '') {
    if (table.waitsToWrite) return removeByRuid(table, ruid)
    self.core.log.error('registrar', 'unregister: a contact in memory is found by its address only')
    return NOT_REMOVED
  }
  const aor = addressOfRecord(self, uri)
  if (aor === null || aor === '') return NO_ADDRESS
  return table.waitsToWrite ? removeWritten(table, aor, ruid) : removeFrom(table, aor, ruid)
}

function removeFrom(table: LocationChanges, aor: string, ruid: string): Verdict {
  if (ruid === '') {
    table.removeAll(aor)
    return 1
  }
  const contact = table.byRuid(aor, ruid)
  if (contact === null) return NOT_FOUND
  return table.remove(contact) ? 1 : NOT_REMOVED
}

/** The same where it counts when the database has it. */
async function removeWritten(table: LocationTable, aor: string, ruid: string): Promise<Verdict> {
  const draft = await table.draft(aor)
  if (draft === null) return NOT_REMOVED
  try {
    const verdict = removeFrom(draft, aor, ruid)
    return (await draft.commit()) === null ? verdict : NOT_REMOVED
  } finally {
    draft.release()
  }
}

/** In the database a contact is found by its unique name alone. */
async function removeByRuid(table: LocationTable, ruid: string): Promise<Verdict> {
  const contact = (await table.view([], [ruid]))?.named(ruid) ?? null
  return contact === null ? NOT_FOUND : removeWritten(table, contact.aor, ruid)
}
