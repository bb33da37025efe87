/** URIs of the message and their parts. */
import { parseNameAddress } from '../../sip/header/address.ts'
import { splitList } from '../../sip/header/list.ts'
import { H_CONTACT } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import { mayLack, orNull, part, type Rows } from './rows.ts'

const requestUri = (msg: SipMessage): SipUri | null => (msg.isRequest ? msg.sipUri : null)

/** Of several contacts in one header the last, as in Kamailio. */
function contactUri(msg: SipMessage): string | undefined {
  const body = msg.header(H_CONTACT)
  const last = body === null ? undefined : splitList(body).at(-1)
  return last === undefined ? undefined : parseNameAddress(last)?.uri
}

/** URI, user and host of an address. */
const three = (
  letter: string,
  whose: string,
  uri: Rows,
  of: (msg: SipMessage) => SipUri | null | undefined,
): Rows => ({
  ...uri,
  ...mayLack(`${letter}user`, `The user of ${whose}`, msg => orNull(of(msg)?.user)),
  ...mayLack(`${letter}host`, `The host of ${whose}`, msg => orNull(of(msg)?.host)),
})

export const uriParts: Rows = {
  ...three(
    'r',
    'the request URI',
    part('ruri', 'The request URI', msg => (requestUri(msg) === null ? null : msg.uri)),
    requestUri,
  ),
  ...part('ouri', 'The request URI as received', msg =>
    parseUri(msg.originalUri) === null ? null : msg.originalUri,
  ),
  ...three(
    'f',
    'From',
    part('furi', 'The URI of From', msg => orNull(msg.from?.uri)),
    msg => msg.from?.sipUri,
  ),
  ...three(
    't',
    'To',
    part('turi', 'The URI of To', msg => orNull(msg.to?.uri)),
    msg => msg.to?.sipUri,
  ),
  ...mayLack('duri', 'The next hop that was set', msg => orNull(msg.dstUri)),
  ...mayLack('cturi', 'The URI of Contact', msg => orNull(contactUri(msg))),
  ...part('nhuri', 'The next hop: the one that was set, else the request URI', msg =>
    orNull(msg.dstUri === '' ? msg.uri : msg.dstUri),
  ),
}
