/**
 * Further destinations: $br, $bR, $branch(attribute)[i], the static one $sbranch(attribute), and
 * $ds, all of them.
 */
import { addBranch, newBranch } from '../../../core/branch.ts'
import { redirectContact } from '../../../core/destination-set.ts'
import { keyed, NO_INDEX, variable, ALL_INDEXES } from '../../../core/module/index.ts'
import type { Pvar, PvValue } from '../../../core/module/index.ts'
import type { Branch, SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'
import { findSocket, socketText } from './transport.ts'
import { orNull } from './uri-parts.ts'
import { oneOf } from './words.ts'

type Row = Pvar<Pv>

const ATTRIBUTES = [
  'uri',
  'dst_uri',
  'path',
  'q',
  'flags',
  'send_socket',
  'ruid',
  'instance',
  'location_ua',
  'otcpid',
] as const
type Attribute = (typeof ATTRIBUTES)[number]

function attributeOf(branch: Branch, attribute: Attribute): PvValue {
  switch (attribute) {
    case 'uri':
      return branch.uri
    case 'dst_uri':
      return orNull(branch.dstUri)
    case 'path':
      return orNull(branch.path)
    case 'q':
      return branch.q < 0 ? null : branch.q
    case 'flags':
      return branch.flags >>> 0
    case 'send_socket':
      return branch.socket === null ? null : socketText(branch.socket)
    case 'ruid':
      return orNull(branch.ruid)
    case 'instance':
      return orNull(branch.instance)
    case 'location_ua':
      return orNull(branch.userAgent)
    case 'otcpid':
      return branch.connection
  }
}

/** Sets an attribute; null clears it. */
function setAttribute(self: Pv, branch: Branch, attribute: Attribute, value: PvValue): void {
  const text = value === null ? '' : String(value)
  const number = typeof value === 'number' ? value : 0
  switch (attribute) {
    case 'uri':
      branch.uri = text
      break
    case 'dst_uri':
      branch.dstUri = text
      break
    case 'path':
      branch.path = text
      break
    case 'q':
      branch.q = typeof value === 'number' ? value : -1
      break
    case 'flags':
      branch.flags = number
      break
    case 'send_socket':
      branch.socket = value === null ? null : findSocket(self, text)
      break
    case 'ruid':
      branch.ruid = text
      break
    case 'instance':
      branch.instance = text
      break
    case 'location_ua':
      branch.userAgent = text
      break
    case 'otcpid':
      branch.connection = number
      break
  }
}

/** Negative indexes count from the last branch. */
function branchAt(msg: SipMessage, index: number): Branch | null {
  const at = index === NO_INDEX || index === ALL_INDEXES ? 0 : index
  return msg.branches?.at(at) ?? null
}

function getBranch(_self: Pv, msg: SipMessage, key: Attribute | 'count', index: number): PvValue {
  const branch = branchAt(msg, key === 'count' ? 0 : index)
  if (branch === null) return null
  return key === 'count' ? msg.branches!.length : attributeOf(branch, key)
}

function setBranch(
  self: Pv,
  msg: SipMessage,
  value: PvValue,
  key: Attribute | 'count',
  index: number,
): boolean {
  const branch = branchAt(msg, index)
  if (branch === null || key === 'count') return self.refuse('$branch: there is no such branch')
  if (key === 'uri' && value === null) {
    msg.branches = msg.branches!.filter(other => other !== branch)
    if (msg.branches.length === 0) msg.branches = null
  } else setAttribute(self, branch, key, value)
  return true
}

/** It exists once it has a URI. */
function getStatic(self: Pv, _msg: SipMessage, attribute: Attribute): PvValue {
  const branch = self.staticBranch
  return branch === null || branch.uri === '' ? null : attributeOf(branch, attribute)
}

function setStatic(self: Pv, _msg: SipMessage, value: PvValue, attribute: Attribute): void {
  self.staticBranch ??= newBranch('')
  setAttribute(self, self.staticBranch, attribute, value)
}

function addUri(self: Pv, msg: SipMessage, value: PvValue): boolean {
  if (typeof value !== 'string' || value === '') return self.refuse('$br takes a URI')
  addBranch(self.core, msg, newBranch(value))
  return true
}

export const branchVariables: Record<string, Row> = {
  br: variable({
    doc: 'URI of the first further branch; an assignment adds one.',
    get: (_self, msg) => msg.branches?.[0]?.uri ?? null,
    set: addUri,
    takesText: true,
  }),
  bR: variable({
    doc: 'URIs of all further branches, comma-separated.',
    get: (_self, msg) => msg.branches?.map(branch => branch.uri).join(', ') ?? null,
  }),
  branch: keyed({
    doc: 'An attribute of a further branch, $(branch(uri)[1]); count is how many there are.',
    parse: oneOf([...ATTRIBUTES, 'count']),
    get: getBranch,
    set: setBranch,
  }),
  sbranch: keyed({
    doc: 'An attribute of the static branch, for sbranch_append() and sbranch_set_ruri().',
    parse: oneOf(ATTRIBUTES),
    get: getStatic,
    set: setStatic,
  }),
  ds: variable({
    doc: 'The destination set as a Contact header.',
    get: (_self, msg) => orNull(redirectContact(msg, 0).trimEnd()),
  }),
  ruid: variable({
    doc: 'Unique name of the contact that the branch of the request URI came from.',
    get: (_self, msg) => orNull(msg.ruid),
  }),
  location_ua: variable({
    doc: 'User-Agent of that contact.',
    get: (_self, msg) => orNull(msg.userAgent),
  }),
}
