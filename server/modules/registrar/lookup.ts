/**
 * lookup() and its sisters: from an address of record to the destinations of a request (RFC 3261
 * section 16.5).
 */
import type { Verdict } from '../../core/module/index.ts'
import { parseNameAddressList } from '../../sip/header/address.ts'
import type { Branch, SipMessage } from '../../sip/message.ts'
import { type SipUri, parseUri } from '../../sip/uri.ts'
import { type Contact, isLost, type LocationView } from '../usrloc/api.ts'
import { addressOf } from './aor.ts'
import { storedMethodBit } from './bindings.ts'
import { withContacts } from './fetched.ts'
import { bareInstance, parseTemporary } from './gruu.ts'
import type { Registrar, TableRef } from './registrar.ts'

const FOUND = 1
const NOT_FOUND = -1
const METHOD_NOT_SUPPORTED = -2
const NO_ADDRESS = -3

/**
 * Bit of lookup_filter_mode: only contacts with one of the branch flags in $xavp(cfg=>rlf_bflags).
 */
const BY_BRANCH_FLAGS = 1
/** Bit of lookup_filter_mode: only contacts whose connection is there. */
const BY_CONNECTION = 2

/** The request URI becomes the best contact, the others become branches. */
export function lookup(
  self: Registrar,
  msg: SipMessage,
  ref: TableRef,
  uri?: string,
): Verdict | Promise<Verdict> {
  const table = ref.in(self.usrloc)
  const text = uri ?? msg.uri
  return table.waitsToRead
    ? withContacts(self, table, [text], NOT_FOUND, view => lookupIn(self, msg, view, text))
    : lookupIn(self, msg, table, text)
}

function lookupIn(self: Registrar, msg: SipMessage, view: LocationView, text: string): Verdict {
  const contacts = find(self, msg, view, text)
  if (typeof contacts === 'number') return contacts
  const first = contacts[0]!
  useAsTarget(self, msg, first)
  if (self.config.append_branches !== 0)
    for (let i = 1; i < contacts.length; i++) appendBranch(self, msg, contacts[i]!)
  return FOUND
}

/** All contacts become branches; the request URI stays. */
export function lookupToDestinationSet(
  self: Registrar,
  msg: SipMessage,
  ref: TableRef,
  uri?: string,
): Verdict | Promise<Verdict> {
  const table = ref.in(self.usrloc)
  const text = uri ?? msg.uri
  const run = (view: LocationView): Verdict => appendAll(self, msg, view, text)
  return table.waitsToRead ? withContacts(self, table, [text], NOT_FOUND, run) : run(table)
}

function appendAll(self: Registrar, msg: SipMessage, view: LocationView, text: string): Verdict {
  const contacts = find(self, msg, view, text)
  if (typeof contacts === 'number') return contacts
  for (const contact of contacts) appendBranch(self, msg, contact)
  return FOUND
}

/** Looks up the request URI, and each branch that is nothing but a URI. */
export function lookupBranches(
  self: Registrar,
  msg: SipMessage,
  ref: TableRef,
): Verdict | Promise<Verdict> {
  const table = ref.in(self.usrloc)
  // Branches that the lookups add are contacts already.
  const plain = (msg.branches ?? []).filter(isPlain)
  const run = (view: LocationView): Verdict => lookupAll(self, msg, view, plain)
  if (!table.waitsToRead) return run(table)
  const uris = [msg.uri, ...plain.map(branch => branch.uri)]
  return withContacts(self, table, uris, NOT_FOUND, run)
}

function lookupAll(
  self: Registrar,
  msg: SipMessage,
  view: LocationView,
  plain: readonly Branch[],
): Verdict {
  let verdict = lookupIn(self, msg, view, msg.uri)
  for (const branch of plain) {
    const contacts = find(self, msg, view, branch.uri)
    if (typeof contacts === 'number') continue
    Object.assign(branch, branchOf(self, contacts[0]!))
    if (self.config.append_branches !== 0)
      for (let i = 1; i < contacts.length; i++) appendBranch(self, msg, contacts[i]!)
    verdict = FOUND
  }
  return verdict
}

const isPlain = (branch: Branch): boolean =>
  branch.dstUri === '' && branch.path === '' && branch.socket === null && branch.ruid === ''

/** The usable contacts of a URI, best first; why there is none. */
function find(
  self: Registrar,
  msg: SipMessage,
  table: LocationView,
  text: string,
): Contact[] | Verdict {
  const uri = parseUri(text)
  if (uri === null) return NO_ADDRESS
  const gruu = self.config.gruu_enabled === 0 ? null : uri.param('gr')
  const found = gruu === null ? byAddress(self, table, uri) : byGruu(self, table, uri, gruu)
  if (typeof found === 'number') return found
  const now = self.usrloc.now()
  const flags = branchFilter(self, msg)
  const usable = found.filter(
    contact =>
      self.isUsable(contact, now) &&
      (flags === 0 || (contact.branchFlags & flags) !== 0) &&
      !isUnreachable(self, contact),
  )
  if (usable.length === 0) return NOT_FOUND
  // RFC 5626 section 7: the proxy "MUST NOT populate the target set with more than one contact with
  // the same AOR and instance-id at a time". A GRUU names one instance.
  if (gruu !== null) usable.length = 1
  if (self.config.method_filtering === 0 || msg.to?.tag !== '') return usable
  // A phone that does not know the method is no target for a request that begins something.
  const bit = storedMethodBit(msg.methodBit)
  const able = usable.filter(contact => (contact.methods & bit) !== 0)
  return able.length === 0 ? METHOD_NOT_SUPPORTED : able
}

function byAddress(self: Registrar, table: LocationView, uri: SipUri): Contact[] | Verdict {
  const aor = addressOf(self, uri)
  return aor === null || aor === '' ? NO_ADDRESS : table.contacts(aor)
}

/**
 * RFC 5627: a public GRUU names the instance in its gr parameter, a temporary one the record in its
 * user part.
 */
function byGruu(
  self: Registrar,
  table: LocationView,
  uri: SipUri,
  gruu: string,
): Contact[] | Verdict {
  if (gruu === '') return byTemporaryGruu(table, uri.user)
  const contacts = byAddress(self, table, uri)
  if (typeof contacts === 'number') return contacts
  const instance = bareInstance(gruu)
  return contacts.filter(contact => bareInstance(contact.instance) === instance)
}

function byTemporaryGruu(table: LocationView, user: string): Contact[] | Verdict {
  if (!user.includes('-')) return NO_ADDRESS
  const gruu = parseTemporary(user)
  const contact = gruu === null ? null : table.byHash(gruu.hash, gruu.ruid)
  return contact === null ? [] : [contact]
}

/** Has its connection ended? Behind a Path it is for another server to know. */
function isUnreachable({ config, core }: Registrar, contact: Contact): boolean {
  if ((config.lookup_filter_mode & BY_CONNECTION) === 0 || contact.path !== '') return false
  return isLost(core, contact.connection)
}

function branchFilter(self: Registrar, msg: SipMessage): number {
  const wanted = (self.config.lookup_filter_mode & BY_BRANCH_FLAGS) !== 0
  return wanted ? (self.numberSetting(msg, 'rlf_bflags') ?? 0) : 0
}

/** The route set of a contact, without ourselves in front if path_check_local says so. */
function pathOf(self: Registrar, contact: Contact): string {
  const { path } = contact
  if (path === '' || self.config.path_check_local === 0) return path
  const routes = parseNameAddressList(path) ?? []
  const uri = routes[0]?.sipUri ?? null
  if (uri === null || !self.core.sockets.isMyself(uri.host, uri.portNumber, uri.transport))
    return path
  return routes
    .slice(1)
    .map(route => `<${route.uri}>${route.params === '' ? '' : `;${route.params}`}`)
    .join(', ')
}

/**
 * Where a request for this contact goes first: its first route, the address seen at registration,
 * or its own URI ('').
 */
function nextHop(contact: Contact, path: string): string {
  if (path === '') return contact.received
  return parseNameAddressList(path)?.[0]?.uri ?? ''
}

function useAsTarget(self: Registrar, msg: SipMessage, contact: Contact): void {
  const path = pathOf(self, contact)
  msg.setUri(contact.uri)
  msg.dstUri = nextHop(contact, path)
  msg.path = path
  msg.q = contact.q
  msg.branchFlags |= contact.branchFlags
  msg.instance = contact.instance
  msg.regId = contact.regId
  msg.ruid = contact.ruid
  msg.userAgent = contact.userAgent
  msg.forceSocket = contact.socket
  msg.flowConnection = flowOf(contact)
  self.tellRecord(msg, contact, self.usrloc.now())
  self.restoreAttributes(msg, contact)
}

/** RFC 5626 section 5.3: a request for a flow goes over its connection. */
const flowOf = (contact: Contact): number =>
  contact.regId > 0 && contact.connection > 0 ? contact.connection : 0

function branchOf(self: Registrar, contact: Contact): Branch {
  const path = pathOf(self, contact)
  return {
    uri: contact.uri,
    dstUri: nextHop(contact, path),
    path,
    q: contact.q,
    flags: contact.branchFlags,
    socket: contact.socket,
    instance: contact.instance,
    regId: contact.regId,
    ruid: contact.ruid,
    userAgent: contact.userAgent,
    connection: flowOf(contact),
  }
}

function appendBranch(self: Registrar, msg: SipMessage, contact: Contact): void {
  const branches = (msg.branches ??= [])
  // The destination set has an end (core parameter max_branches); the request URI counts as one of
  // it.
  if (branches.length + 1 >= self.core.params.max_branches) return
  branches.push(branchOf(self, contact))
  self.restoreAttributes(msg, contact)
}
