/** Further destinations of a request: making one, and the q values that order them. */
import type { Branch, SipMessage } from '../sip/message.ts'
import type { Core } from './core.ts'

/** A branch with nothing but its URI. */
export const newBranch = (uri: string): Branch => ({
  uri,
  dstUri: '',
  path: '',
  q: -1,
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
})

/**
 * One more destination; false when there may be no more, its request URI counted (max_branches).
 */
export function addBranch(core: Core, msg: SipMessage, branch: Branch): boolean {
  if ((msg.branches?.length ?? 0) + 1 >= core.params.max_branches) {
    core.log.error('<core>', 'max nr of branches exceeded')
    return false
  }
  if (msg.branches === null) msg.branches = [branch]
  else msg.branches.push(branch)
  return true
}

/** Reads `0.5` as 500; -1 when it is no qvalue (RFC 3261 section 25.1). */
export function parseQ(text: string): number {
  const found = /^(?:0?(?:\.(\d{1,3}))|0|(1)(?:\.0{0,3})?|0\.)$/.exec(text.trim())
  if (found === null) return -1
  if (found[2] !== undefined) return 1000
  return found[1] === undefined ? 0 : Number(found[1].padEnd(3, '0'))
}
