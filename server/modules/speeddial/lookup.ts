/** sd_lookup: the request URI, if it is a short number of the caller or of another owner. */
import { isMissing } from '../../core/filled-argument.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { SpeedDial } from './speeddial.ts'

export function lookupSpeedDial(
  self: SpeedDial,
  msg: SipMessage,
  table: string,
  owner = '',
): Verdict | Promise<Verdict> {
  if (isMissing(table)) return self.refuse('invalid table name')
  const user = owner === '' ? (msg.from?.sipUri ?? null) : parseUri(owner)
  if (user === null) return self.refuse('failed to parse the URI of the owner')
  const { sipUri } = msg
  if (sipUri === null) return self.refuse('failed to parse the request URI')
  return lookUp(self, msg, table, user, sipUri)
}

async function lookUp(
  self: SpeedDial,
  msg: SipMessage,
  table: string,
  owner: SipUri,
  short: SipUri,
): Promise<Verdict> {
  let found: string | null
  try {
    found = await self.target(table, owner, short)
  } catch (error) {
    self.complain(error)
    return -1
  }
  if (found === null) return -1
  // In the table there may be user@domain alone.
  msg.setUri(parseUri(found) === null ? `sip:${found}` : found)
  return 1
}
