/** is_user_in: is a user a member of a group? */
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Group } from './group.ts'
import type { Source } from './source.ts'

const QUERY_FAILED = -5
const NO_MEMBER = -6

export function isUserIn(
  self: Group,
  msg: SipMessage,
  source: Source,
  group: string,
): Verdict | Promise<Verdict> {
  const user = source(msg)
  if (user === null) return self.refuse('failed to get username@domain')
  if (user.user === '' || group === '') return -1
  return self.look(user, group, NO_MEMBER, QUERY_FAILED)
}
