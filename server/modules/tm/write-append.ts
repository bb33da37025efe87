/** `name: title=hdr[X];avp[y];msg[body]`: the lines that tw_append adds for t_write_req. */
import { BadValue } from '../../core/module/index.ts'

export interface Element {
  /** What stands before the value. */
  readonly title: string
  readonly kind: 'hdr' | 'avp' | 'msg'
  readonly name: string
}

export interface Append {
  readonly name: string
  readonly elements: readonly Element[]
}

const ELEMENT = /^(?:([^=[\];]+?)\s*=\s*)?(hdr|avp|msg)\s*\[\s*([^\]]+?)\s*\]$/i

/** One value of the parameter; throws BadValue in Kamailio's words. */
export function parseAppend(value: string | number): Append {
  const text = String(value)
  const colon = text.indexOf(':')
  const fails = (at: number): BadValue =>
    new BadValue(`parse error in <${text}> around position ${at}`)
  const name = text.slice(0, Math.max(colon, 0)).trim()
  if (name === '') throw fails(colon < 0 ? text.length : colon)
  let at = colon + 1
  const elements: Element[] = []
  for (const part of text.slice(at).split(';')) {
    at += part.length
    const [, title, type, inner] = ELEMENT.exec(part.trim()) ?? []
    if (type === undefined) throw fails(at)
    elements.push(elementOf(type.toLowerCase() as Element['kind'], inner!, title))
    at++
  }
  return { name, elements }
}

function elementOf(kind: Element['kind'], name: string, title: string | undefined): Element {
  if (kind === 'avp' && name.startsWith('$')) throw new BadValue(`bad alias spec <${name}>`)
  if (kind === 'msg' && name !== 'body')
    throw new BadValue(`unsupported value <${name}> for msg type`)
  // The kind of an AVP's name (s:x, i:5) is not shown.
  return { title: title ?? name.replace(/^[si]:/, ''), kind, name }
}
