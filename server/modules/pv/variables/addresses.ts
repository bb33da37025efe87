/**
 * From and To, with what a script may change in them, and the headers that hold one more address.
 */
import { since6, variable, type Pvar, type PvValue } from '../../../core/module/index.ts'
import {
  H_CONTACT,
  H_DIVERSION,
  H_FROM,
  H_PAI,
  H_PPI,
  H_REFER_TO,
  H_RPID,
  H_TO,
} from '../../../sip/header-names.ts'
import { type NameAddress, parseNameAddress } from '../../../sip/header/address.ts'
import { splitList } from '../../../sip/header/list.ts'
import type { SipMessage } from '../../../sip/message.ts'
import type { Pv } from '../pv.ts'
import { editDisplay, editDomain, editUri, editUser } from './address-edits.ts'
import { domainOf, orNull, userOf } from './uri-parts.ts'

type Row = Pvar<Pv>
type Read = (msg: SipMessage) => NameAddress | null

/** The first value of a header with this number. */
const first =
  (id: number): Read =>
  msg => {
    const body = msg.header(id)
    return body === null ? null : parseNameAddress(splitList(body)[0]!)
  }

const read = (doc: string, of: Read, get: (address: NameAddress) => PvValue): Row =>
  variable({
    doc,
    get: (_self, msg) => {
      const address = of(msg)
      return address === null ? null : get(address)
    },
  })

const uriOf = (address: NameAddress): PvValue => address.uri
const user = (address: NameAddress): PvValue => userOf(address.sipUri)
const domain = (address: NameAddress): PvValue => domainOf(address.sipUri)
const display = (address: NameAddress): PvValue => orNull(address.display)
const userLength = (address: NameAddress): PvValue => address.sipUri?.user.length ?? 0
const uriLength = (address: NameAddress): PvValue => address.uri.length
const param =
  (name: string) =>
  (address: NameAddress): PvValue =>
    address.param(name)

/** A row that may also be assigned: the change is an edit, what the variable shows stays. */
const edited = (
  row: Row,
  id: number,
  edit: (msg: SipMessage, id: number, value: string) => boolean,
  name: string,
): Row => ({
  ...row,
  takesText: true,
  set: (self: Pv, msg: SipMessage, value: PvValue): boolean => {
    if (typeof value === 'number') return self.refuse(`${name} takes a text`)
    return edit(msg, id, value ?? '') || self.refuse(`${name}: the header does not parse`)
  },
})

const from: Read = msg => msg.from
const to: Read = msg => msg.to
const referTo = first(H_REFER_TO)
const rpid = first(H_RPID)
const preferred = first(H_PPI)
const asserted = first(H_PAI)
const diversion = first(H_DIVERSION)
const contact = first(H_CONTACT)

const fu = edited(read('URI of From.', from, uriOf), H_FROM, editUri, '$fu')
const fU = edited(read('User of From.', from, user), H_FROM, editUser, '$fU')
const fd = edited(read('Host of From.', from, domain), H_FROM, editDomain, '$fd')
const tu = edited(read('URI of To.', to, uriOf), H_TO, editUri, '$tu')
const tU = edited(read('User of To.', to, user), H_TO, editUser, '$tU')
const td = edited(read('Host of To.', to, domain), H_TO, editDomain, '$td')

export const addressVariables: Record<string, Row> = {
  fu,
  from: fu,
  fU,
  'from.user': fU,
  fd,
  'from.domain': fd,
  fn: edited(read('Display name of From.', from, display), H_FROM, editDisplay, '$fn'),
  ft: read('Tag of From.', from, address => orNull(address.tag)),
  fUl: read('Length of the user of From.', from, userLength),
  ful: since6(read('Length of the URI of From.', from, uriLength)),
  tu,
  to: tu,
  tU,
  'to.user': tU,
  td,
  'to.domain': td,
  tn: edited(read('Display name of To.', to, display), H_TO, editDisplay, '$tn'),
  tt: read('Tag of To.', to, address => orNull(address.tag)),
  tUl: read('Length of the user of To.', to, userLength),
  tul: since6(read('Length of the URI of To.', to, uriLength)),
  tts: since6(
    read('1 when To has a tag, 0 when it has none.', to, ({ tag }) => (tag === '' ? 0 : 1)),
  ),
  ctu: since6(read('URI of the first Contact.', contact, uriOf)),
  cts: since6(
    variable({
      doc: '1 when Contact is a star, else 0.',
      get: (_self, msg) => (msg.header(H_CONTACT)?.trim() === '*' ? 1 : 0),
    }),
  ),
  ct: variable({ doc: 'Body of the first Contact.', get: (_self, msg) => msg.header(H_CONTACT) }),
  rt: read('URI of Refer-To.', referTo, uriOf),
  re: read('URI of Remote-Party-ID.', rpid, uriOf),
  ai: read('URI of P-Asserted-Identity.', asserted, uriOf),
  pu: read('URI of P-Preferred-Identity.', preferred, uriOf),
  pU: read('User of P-Preferred-Identity.', preferred, user),
  pd: read('Host of P-Preferred-Identity.', preferred, domain),
  pn: read('Display name of P-Preferred-Identity.', preferred, display),
  di: read('URI of Diversion.', diversion, uriOf),
  dir: read('Reason of Diversion.', diversion, param('reason')),
  dip: read('Privacy of Diversion.', diversion, param('privacy')),
  dic: read('Counter of Diversion.', diversion, param('counter')),
}
