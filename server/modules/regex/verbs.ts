/** pcre_match, pcre_match_group, and the command that reads the file again. */
import { Fault } from '../../../rpc/faults.ts'
import { BadValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Regex } from './regex.ts'

/** There are no groups at all. */
const NO_GROUPS = -2
/** A malformed expression, or a group that is not there. */
const BAD = -4

export function match(self: Regex, _msg: SipMessage, text: string, pattern: string): Verdict {
  const regex = self.compile(pattern)
  if (regex === null) return BAD
  return regex.test(text) ? 1 : -1
}

export function matchGroup(self: Regex, _msg: SipMessage, text: string, number = 0): Verdict {
  if (self.groups === null) {
    self.error('pcre_match_group: there is no file with groups')
    return NO_GROUPS
  }
  const regex = self.groups[number]
  if (regex !== undefined) return regex.test(text) ? 1 : -1
  self.error(`pcre_match_group: there is no group ${number}`)
  return BAD
}

/** The groups stay when the file cannot be read. */
export function reload(self: Regex): void {
  if (self.groups === null) throw new Fault(500, 'Group matching not enabled')
  try {
    self.groups = self.readFile()
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    self.error(error.message)
    throw new Fault(500, 'Failed to reload')
  }
}
