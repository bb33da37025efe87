/** {nameaddr.*} and {tobody.*}: the parts of `"Bob" <sip:b@c>;tag=1`. */
import type { PvValue, Transformation } from '../../../core/module/index.ts'
import { type NameAddress, parseNameAddress } from '../../../sip/header/address.ts'
import { splitList } from '../../../sip/header/list.ts'
import { onText } from './text-of.ts'

interface Spans {
  readonly name: string
  readonly uri: string
  readonly length: number
}

/** Forgiving: what has no bracket is a URI as a whole. */
function spansOf(text: string): Spans | null {
  if (text === '') return null
  let i = 0
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++
  if (text[i] === '"') {
    const close = endOfQuote(text, i)
    if (close < 0) return { name: '', uri: text, length: text.length }
    i = close + 1
  }
  const open = text.indexOf('<', i)
  if (open < 0) return { name: '', uri: text, length: text.length }
  const close = text.indexOf('>', open)
  if (close < 0) return { name: text.slice(0, open), uri: text.slice(open + 1), length: 0 }
  return { name: text.slice(0, open), uri: text.slice(open + 1, close), length: close + 1 }
}

function endOfQuote(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return -1
}

const span = (doc: string, of: (spans: Spans) => PvValue): Transformation =>
  onText(doc, 0, text => {
    const spans = spansOf(text)
    return spans === null ? null : of(spans)
  })

export const nameAddressTransformations: Record<string, Transformation> = {
  name: span('What stands before the bracket, quotes and blanks included.', spans => spans.name),
  uri: span('The URI.', spans => spans.uri),
  len: span('The length up to the closing bracket.', spans => spans.length),
}

/** Strict, as a To header: one value with a SIP or tel URI. */
const strict = (doc: string, of: (address: NameAddress) => PvValue): Transformation =>
  onText(doc, 0, text => {
    if (text === '' || splitList(text).length !== 1) return null
    const address = parseNameAddress(text)
    return address === null || address.sipUri === null ? null : of(address)
  })

export const toBodyTransformations: Record<string, Transformation> = {
  uri: strict('The URI.', address => address.uri),
  tag: strict('The tag.', address => address.tag),
  user: strict('The user of the URI.', address => address.sipUri!.user),
  host: strict('The host of the URI.', address => address.sipUri!.host),
  params: strict('The parameters behind the URI.', address => address.params),
  display: strict('The display name, quotes included.', address => address.display),
}
