/** alias_db_find: any URI, and the request stays as it is. */
import { isMissing } from '../../core/filled-argument.ts'
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { AliasDb } from './alias_db.ts'
import type { AliasFlags } from './flags.ts'

export function findAlias(
  self: AliasDb,
  msg: SipMessage,
  table: string,
  input: PvHandle,
  output: PvHandle,
  flags?: AliasFlags,
): Verdict | Promise<Verdict> {
  if (isMissing(table)) return self.refuse('invalid table name')
  const text = input.get(msg)
  const uri = typeof text === 'string' ? parseUri(text) : null
  if (uri === null) return self.refuse(`failed to parse the URI ${text ?? ''}`)
  return lookUp(self, msg, table, uri, output, flags)
}

async function lookUp(
  self: AliasDb,
  msg: SipMessage,
  table: string,
  uri: SipUri,
  output: PvHandle,
  flags: AliasFlags | undefined,
): Promise<Verdict> {
  const found = await self.addresses(table, uri, flags)
  for (const address of found) output.set!(msg, address)
  return found.length === 0 ? -1 : 1
}
