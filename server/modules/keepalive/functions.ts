/** What a config can ask of keepalive, and what an operator can. */
import { Fault } from '../../../rpc/faults.ts'
import type { Verdict } from '../../core/module/index.ts'
import { ctime } from '../../core/rpc/environment.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ADDED, UNKNOWN, UP } from './api.ts'
import type { Keepalive } from './keepalive.ts'

export function isAlive(self: Keepalive, _msg: SipMessage, uri: string): Verdict {
  const state = self.state(uri)
  if (state === null) return -1
  // 0 would end the script; what is not known yet counts as up.
  return state === UNKNOWN ? UP : state
}

export function addDestination(
  self: Keepalive,
  _msg: SipMessage,
  uri: string,
  owner: string,
): Verdict {
  return self.add(uri, owner)
}

export function deleteDestination(
  self: Keepalive,
  _msg: SipMessage,
  uri: string,
  owner: string,
): Verdict {
  return self.remove(uri, owner) ? 1 : -1
}

/** The line end of C's ctime is in Kamailio's answers. */
const time = (milliseconds: number): string => `${ctime(milliseconds)}\n`

type Listed = {
  uri: string
  owner: string
  'last checked': string
  'last up': string
  'last down': string
  state: number
}

export const list = (self: Keepalive): Listed[] =>
  self.list().map(({ uri, owner, lastChecked, lastUp, lastDown, state }) => ({
    uri,
    owner,
    'last checked': time(lastChecked),
    'last up': time(lastUp),
    'last down': time(lastDown),
    state,
  }))

function refuseEmpty(...texts: string[]): void {
  if (texts.includes('')) throw new Fault(500, 'parameter is len less than 1')
}

export function add(self: Keepalive, uri: string, owner: string): string {
  refuseEmpty(uri, owner)
  if (self.add(uri, owner) !== ADDED) throw new Fault(500, "couldn't add data to list")
  return 'Ok. Destination added.'
}

export function del(self: Keepalive, uri: string, owner: string): string {
  refuseEmpty(uri, owner)
  if (!self.remove(uri, owner)) throw new Fault(500, "couldn't delete data from list")
  return 'Ok. Destination removed.'
}

type Got = { uri: string; owner: string; state: number }

export function get(self: Keepalive, uri: string, owner: string): Got {
  refuseEmpty(uri, owner)
  const found = self.find(uri, owner)
  if (found === null) throw new Fault(500, "couldn't get data from list")
  return { uri: found.uri, owner: found.owner, state: found.state }
}

export function flush(self: Keepalive): string {
  self.removeAll()
  return 'Ok. Destination list flushed.'
}
