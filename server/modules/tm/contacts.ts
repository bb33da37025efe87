/**
 * Serial forking by preference: t_load_contacts puts the destination set away, t_next_contacts
 * takes the contacts with the highest q from it. They are kept in the xavps named by contacts_avp
 * and contact_flows_avp.
 */
import type { Verdict } from '../../core/module/index.ts'
import { type XavpList, knownXavps, xavpsOf } from '../../core/xavp.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import type { Tm } from './tm.ts'

/** No contacts are left. */
const NONE_LEFT = -2

// ---- names of the fields of one stored contact
const FIELDS = ['uri', 'dst_uri', 'path', 'instance', 'ruid', 'ua'] as const
/** Not 0: the q value of the next stored contact is lower. */
const LOWER_NEXT = 'q_flag'
/** As Kamailio writes it there. */
const Q_FLAG = 4

function requestBranch(msg: SipMessage): Branch {
  return {
    uri: msg.uri,
    dstUri: msg.dstUri,
    path: msg.path,
    q: msg.q,
    flags: msg.branchFlags,
    socket: msg.forceSocket,
    instance: msg.instance,
    regId: msg.regId,
    ruid: msg.ruid,
    userAgent: msg.userAgent,
    connection: msg.flowConnection,
  }
}

/**
 * Highest q first; of equal ones the one that was added last. Those behind a Path are taken as they
 * stand in the destination set, after the others.
 */
function byPreference(branches: Branch[]): Branch[] {
  const order: Branch[] = []
  for (const branch of branches) {
    let at = 0
    while (at < order.length && (order[at]!.q > branch.q || isAfter(branch, order[at]!))) at++
    order.splice(at, 0, branch)
  }
  return order
}

const isAfter = (added: Branch, { q }: Branch): boolean => added.path !== '' && q === added.q

/** Mode 1: drawn at random with q as the weight; those without weight come last. */
function byChance(tm: Tm, branches: Branch[]): Branch[] {
  const left = branches.filter(branch => branch.q > 0)
  const rest = branches.filter(branch => branch.q <= 0)
  const order: Branch[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, branch) => sum + branch.q, 0)
    let draw = tm.core.random.uint32() % total
    let at = 0
    while (draw >= left[at]!.q) draw -= left[at++]!.q
    order.push(...left.splice(at, 1))
  }
  return [...order, ...rest]
}

function store(tm: Tm, list: XavpList, name: string, branch: Branch, last: boolean): void {
  const entry = list.addList(name)
  const texts = [
    branch.uri,
    branch.dstUri,
    branch.path,
    branch.instance,
    branch.ruid,
    branch.userAgent,
  ]
  for (let i = 0; i < FIELDS.length; i++) if (texts[i] !== '') entry.set(FIELDS[i]!, texts[i]!)
  entry.set('flags', branch.flags)
  entry.set('reg_id', branch.regId)
  entry.set('conid', branch.connection)
  if (branch.socket !== null) {
    const { address, port, proto } = branch.socket
    entry.set(
      'sock',
      tm.core.sockets.find(address, port, proto) === null ? '' : `${address}|${port}|${proto}`,
    )
  }
  entry.set(LOWER_NEXT, last ? Q_FLAG : 0)
}

function textOf(entry: XavpList, name: string): string {
  const value = entry.get(name)
  return typeof value === 'string' ? value : ''
}
const numberOf = (entry: XavpList, name: string): number => Number(entry.get(name) ?? 0)

function load(tm: Tm, entry: XavpList): Branch {
  const [address = '', port = '0', proto = '0'] = textOf(entry, 'sock').split('|')
  return {
    uri: textOf(entry, 'uri'),
    dstUri: textOf(entry, 'dst_uri'),
    path: textOf(entry, 'path'),
    // It has been looked at, and is of no more interest.
    q: 0,
    flags: numberOf(entry, 'flags'),
    socket: address === '' ? null : tm.core.sockets.find(address, Number(port), Number(proto)),
    instance: textOf(entry, 'instance'),
    regId: numberOf(entry, 'reg_id'),
    ruid: textOf(entry, 'ruid'),
    userAgent: textOf(entry, 'ua'),
    connection: numberOf(entry, 'conid'),
  }
}

const switchedOff = (tm: Tm, name: string): boolean => {
  const name_ = tm.config.contacts_avp
  if (name_ !== '' && name_ !== 'NULL') return false
  tm.core.log.error('tm', `${name}: parameter contacts_avp has not been set`)
  return true
}

/** t_load_contacts. */
export function loadContacts(tm: Tm, msg: SipMessage, mode = 0): Verdict {
  if (switchedOff(tm, 't_load_contacts')) return -1
  const more = msg.branches ?? []
  const all = msg.uriConsumed ? more : [requestBranch(msg), ...more]
  if (all.length <= 1) return 1
  const ordered = mode === 1 ? byChance(tm, all) : byPreference(all)
  const list = xavpsOf(msg)
  list.removeAll(tm.config.contacts_avp)
  // The newest entry of a list is found first, so they go in from behind.
  for (let i = ordered.length - 1; i >= 0; i--) {
    const next = ordered[i + 1]
    const last = next !== undefined && (mode === 1 || next.q < ordered[i]!.q)
    store(tm, list, tm.config.contacts_avp, ordered[i]!, last)
  }
  msg.branches = null
  return 1
}

function use(msg: SipMessage, branches: Branch[]): void {
  const first = branches[0]!
  msg.setUri(first.uri)
  msg.dstUri = first.dstUri
  msg.path = first.path
  msg.q = first.q
  msg.branchFlags = first.flags
  msg.instance = first.instance
  msg.ruid = first.ruid
  msg.regId = first.regId
  msg.userAgent = first.userAgent
  msg.flowConnection = first.connection
  if (first.socket !== null) msg.forceSocket = first.socket
  if (branches.length > 1) msg.branches = [...(msg.branches ?? []), ...branches.slice(1)]
}

/**
 * t_next_contacts: the contacts of the highest q; further flows to one device wait in
 * contact_flows_avp.
 */
export function nextContacts(tm: Tm, msg: SipMessage): Verdict {
  if (switchedOff(tm, 't_next_contacts')) return -1
  const { contacts_avp, contact_flows_avp } = tm.config
  const list = knownXavps(msg)
  if (list === null || list.count(contacts_avp) === 0) return NONE_LEFT
  list.removeAll(contact_flows_avp)
  const taken: Branch[] = []
  for (let last = false; !last; ) {
    const entry = list.list(contacts_avp)
    if (entry === null) break
    list.remove(contacts_avp)
    last = numberOf(entry, LOWER_NEXT) !== 0
    const branch = load(tm, entry)
    const twin = branch.instance !== '' && taken.some(other => other.instance === branch.instance)
    if (twin) store(tm, list, contact_flows_avp, branch, false)
    else taken.push(branch)
  }
  if (taken.length === 0) return NONE_LEFT
  use(msg, taken)
  return 1
}

/** t_next_contact_flow: another way to the device whose branch failed. */
export function nextContactFlow(tm: Tm, msg: SipMessage): Verdict {
  if (switchedOff(tm, 't_next_contact_flow')) return -1
  const name = tm.config.contact_flows_avp
  const list = knownXavps(msg)
  const count = list?.count(name) ?? 0
  if (list === null || count === 0) return NONE_LEFT
  // Only a branch that failed has a device.
  if (tm.current(msg) === null) return -1
  for (let i = 0; i < count; i++) {
    const entry = list.list(name, i)
    if (entry === null || textOf(entry, 'instance') !== msg.instance) continue
    list.remove(name, i)
    use(msg, [load(tm, entry)])
    return 1
  }
  return -1
}
