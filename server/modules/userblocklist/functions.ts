/** What scripts and operators ask of the lists. */
import type { userblocklist as contract } from '../../../rpc/contract/userblocklist.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { UserBlocklist } from './userblocklist.ts'

type Found = boolean | null

/** What is on no list passes check_blocklist... */
const unlessRefused = (allowed: Found): Verdict => (allowed === false ? -1 : 1)
/** ... and does not pass check_allowlist. */
const ifAllowed = (allowed: Found): Verdict => (allowed === true ? 1 : -1)

/** The user of the request URI; null when there is none. */
function called(self: UserBlocklist, msg: SipMessage): string | null {
  const user = msg.sipUri?.user ?? ''
  if (user !== '') return user
  self.error('cannot parse msg URI')
  return null
}

type UserCheck = (
  self: UserBlocklist,
  msg: SipMessage,
  user: string,
  domain: string,
  number?: string,
  table?: string,
) => Verdict | Promise<Verdict>

const checkingUser =
  (verdict: (allowed: Found) => Verdict): UserCheck =>
  (self, msg, user, domain, number, table = self.config.userblocklist_table) => {
    const wanted = number ?? called(self, msg)
    if (wanted === null) return -1
    return self.userList(user, domain, table).then(
      list => verdict(list.find(wanted)),
      (error: unknown) => {
        self.error(`cannot query the list of ${user}@${domain}: ${(error as Error).message}`)
        return -1
      },
    )
  }

export const checkUserBlocklist = checkingUser(unlessRefused)
export const checkUserAllowlist = checkingUser(ifAllowed)

type GlobalCheck = (
  self: UserBlocklist,
  msg: SipMessage,
  table?: string,
) => Verdict | Promise<Verdict>

const checkingAll =
  (verdict: (allowed: Found) => Verdict): GlobalCheck =>
  (self, msg, table = self.config.globalblocklist_table) => {
    const wanted = called(self, msg)
    if (wanted === null) return -1
    const list = self.list(table)
    if (!(list instanceof Promise)) return verdict(list.current.find(wanted))
    return list.then(
      loaded => verdict(loaded.current.find(wanted)),
      // The log says why already.
      () => -1,
    )
  }

export const checkBlocklist = checkingAll(unlessRefused)
export const checkAllowlist = checkingAll(ifAllowed)

export async function reload(self: UserBlocklist): Promise<string> {
  try {
    await self.reload()
    return '200 ok'
  } catch {
    throw new Fault(500, 'Reload failed')
  }
}

export const dump = (self: UserBlocklist): { prefix: string; allowlist: string }[] =>
  self
    .knownList(self.config.globalblocklist_table)
    .list()
    .map(([prefix, allowed]) => ({ prefix, allowlist: allowed ? '1' : '0' }))

type Result<N extends keyof typeof contract> = ResultOf<(typeof contract)[N]>

export const isBlocked = (
  self: UserBlocklist,
  prefix: string,
  table = '',
): Result<'userblocklist.check_blocklist'> => ({
  prefix,
  blocklisted: String(self.knownList(table).find(prefix) === false),
})

export const isAllowed = (
  self: UserBlocklist,
  prefix: string,
  table = '',
): Result<'userblocklist.check_allowlist'> => ({
  prefix,
  allowlisted: String(self.knownList(table).find(prefix) === true),
})

async function ofUser(
  self: UserBlocklist,
  prefix: string,
  user: string,
  domain: string,
): Promise<Found> {
  try {
    const list = await self.userList(user, domain, self.config.userblocklist_table)
    return list.find(prefix)
  } catch (error) {
    throw new Fault(500, `Check failed: ${(error as Error).message}`)
  }
}

export async function isBlockedByUser(
  self: UserBlocklist,
  prefix: string,
  user: string,
  domain = '',
): Promise<Result<'userblocklist.check_userblocklist'>> {
  const found = await ofUser(self, prefix, user, domain)
  return { prefix, user, domain, blocklisted: String(found === false) }
}

export async function isAllowedByUser(
  self: UserBlocklist,
  prefix: string,
  user: string,
  domain = '',
): Promise<Result<'userblocklist.check_userallowlist'>> {
  const found = await ofUser(self, prefix, user, domain)
  return { prefix, user, domain, allowlisted: String(found === true) }
}
