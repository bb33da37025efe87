/** alias_db_lookup: the request URI, if it is an alias. */
import { addBranch, newBranch } from '../../core/branch.ts'
import { isMissing } from '../../core/filled-argument.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'
import type { AliasDb } from './alias_db.ts'
import type { AliasFlags } from './flags.ts'

export function lookupAlias(
  self: AliasDb,
  msg: SipMessage,
  table: string,
  flags?: AliasFlags,
): Verdict | Promise<Verdict> {
  if (isMissing(table)) return self.refuse('invalid table name')
  const { sipUri } = msg
  if (sipUri === null || sipUri.user === '') return -1
  return lookUp(self, msg, table, sipUri, flags)
}

async function lookUp(
  self: AliasDb,
  msg: SipMessage,
  table: string,
  uri: SipUri,
  flags: AliasFlags | undefined,
): Promise<Verdict> {
  const found = await self.addresses(table, uri, flags)
  const [first, ...others] = found
  if (first === undefined) return -1
  msg.setUri(first)
  for (const other of others) if (!addBranch(self.core, msg, newBranch(other))) break
  return 1
}
