/** is_privacy(): the values of Privacy (RFC 3323 section 4.2). */
import { BadValue, type Verdict } from '../../core/module/index.ts'
import { H_PRIVACY } from '../../sip/header-names.ts'
import { type SipMessage, STRIDE } from '../../sip/message.ts'
import type { Textops } from './textops.ts'

const KNOWN = ['user', 'header', 'session', 'none', 'critical', 'id', 'history']

export function parsePrivacy(text: string): string {
  const type = text.toLowerCase()
  if (!KNOWN.includes(type))
    throw new BadValue(`unknown privacy type '${text}'`, `known are ${KNOWN.join(', ')}`)
  return type
}

export function isPrivacy(_self: Textops, msg: SipMessage, type: string): Verdict {
  for (let i = msg.find(H_PRIVACY); i >= 0; i = msg.find(H_PRIVACY, i + STRIDE)) {
    const values = msg.bodyAt(i).toLowerCase().split(/[;,]/)
    if (values.some(value => value.trim() === type)) return 1
  }
  return -1
}
