/** What a command learns of the message from its environment. */
import { fullName } from '../../sip/header-names.ts'
import { REQUEST, type SipMessage, STRIDE } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'

/** Where Kamailio's name is another one than the header's. */
const NAMES: Readonly<Record<string, string>> = { CALL_ID: 'CALLID' }

/** The beginning of a function in the environment of bash. */
const FUNCTION = /^\(\)/

/** Bytes of a message as the environment has them: Node writes texts as UTF-8. */
const safe = (text: string): string =>
  Buffer.from(text.replace(/[\0\r\n]/g, ' '), 'latin1').toString()

function headersOf(msg: SipMessage): Map<string, string> {
  const values = new Map<string, string>()
  for (let i = 0; i < msg.headers.length; i += STRIDE) {
    const body = msg.bodyAt(i)
    const upper = fullName(msg.headers[i]!, msg.nameAt(i)).toUpperCase().replaceAll('-', '_')
    const key = `SIP_HF_${NAMES[upper] ?? upper}`
    const known = values.get(key)
    values.set(key, known === undefined ? body : `${known},${body}`)
  }
  return values
}

export function environmentOf(msg: SipMessage, withoutFunctions: boolean): Record<string, string> {
  const values = headersOf(msg)
  values.set('SIP_SRCIP', msg.received.srcIp)
  values.set('SIP_DID', msg.to?.param('tag') ?? '')
  if (msg.type === REQUEST) {
    values.set('SIP_RURI', msg.uri)
    values.set('SIP_USER', msg.sipUri?.user ?? '')
    values.set('SIP_ORURI', msg.originalUri)
    // As Kamailio 5.6 spells it.
    values.set('SIP_ORUI', msg.originalUri)
    values.set('SIP_OUSER', parseUri(msg.originalUri)?.user ?? '')
  }
  const out: Record<string, string> = {}
  for (const [name, value] of values)
    if (!withoutFunctions || !FUNCTION.test(value)) out[name] = safe(value)
  return out
}
