/** @from, @to, @contact and the other headers that hold addresses. */
import {
  H_CONTACT,
  H_FROM,
  H_RECORD_ROUTE,
  H_REFER_TO,
  H_RPID,
  H_TO,
} from '../../../sip/header-names.ts'
import { type NameAddress, parseNameAddress } from '../../../sip/header/address.ts'
import { splitList } from '../../../sip/header/list.ts'
import type { SipMessage } from '../../../sip/message.ts'
import { branch, leaf, orNull, type Root } from './step.ts'
import { uriRoot } from './uri.ts'

type Read = (msg: SipMessage) => NameAddress | null

const first =
  (id: number): Read =>
  msg => {
    const body = msg.header(id)
    return body === null ? null : parseNameAddress(splitList(body)[0]!)
  }

const read = (of: Read, get: (address: NameAddress) => string | null): Root =>
  leaf((_core, msg) => {
    const address = of(msg)
    return address === null ? null : orNull(get(address))
  })

/** `params["x"]` and `params.x`. */
const params =
  (of: Read): Root =>
  (step, rest) => {
    const name = step.keys[0] ?? rest[0]?.name
    if (name === undefined) return read(of, address => address.params)({ name: '', keys: [] }, [])
    return (_core, msg) => orNull(of(msg)?.param(String(name)))
  }

/** A header with one address: its body, its URI with all parts, name, tag and parameters. */
const address = (id: number, of: Read, more: Record<string, Root> = {}): Root =>
  branch((_core, msg) => msg.header(id), {
    uri: uriRoot((_core, msg) => of(msg)?.uri ?? null),
    name: read(of, found => found.display),
    tag: read(of, found => found.tag),
    params: params(of),
    ...more,
  })

const named = (of: Read, name: string): Root => read(of, found => found.param(name))

const from = address(H_FROM, msg => msg.from)
const to = address(H_TO, msg => msg.to)
const rpid = address(H_RPID, first(H_RPID))
const firstContact = first(H_CONTACT)
const contact = address(H_CONTACT, firstContact, {
  q: named(firstContact, 'q'),
  expires: named(firstContact, 'expires'),
  methods: named(firstContact, 'methods'),
  received: named(firstContact, 'received'),
  instance: named(firstContact, '+sip.instance'),
})
const recordRoute = address(H_RECORD_ROUTE, first(H_RECORD_ROUTE))

export const addressSelects: Record<string, Root> = {
  from,
  f: from,
  to,
  t: to,
  refer_to: address(H_REFER_TO, first(H_REFER_TO)),
  rpid,
  remote_party_id: rpid,
  contact,
  m: contact,
  record_route: recordRoute,
  rr: recordRoute,
}
