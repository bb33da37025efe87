/** Option tags in Supported and Require (RFC 3261 section 19.2). */
import { BODY, BODY_END, STRIDE, type SipMessage } from '../message.ts'

const isSeparator = (code: number): boolean =>
  code === 0x2c || code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

/**
 * Does one of these headers name the option? `option` is in lower case; tags ignore case as every
 * token does.
 */
export function hasOption(msg: SipMessage, header: number, option: string): boolean {
  for (let i = msg.find(header); i >= 0; i = msg.find(header, i + STRIDE)) {
    const end = msg.headers[i + BODY_END]!
    let from = msg.headers[i + BODY]!
    while (from < end) {
      while (from < end && isSeparator(msg.raw.charCodeAt(from))) from++
      let to = from
      while (to < end && !isSeparator(msg.raw.charCodeAt(to))) to++
      if (to - from === option.length && equals(msg.raw, from, option)) return true
      from = to
    }
  }
  return false
}

function equals(text: string, from: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    if ((text.charCodeAt(from + i) | 0x20) !== lower.charCodeAt(i)) return false
  }
  return true
}
