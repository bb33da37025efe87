/**
 * Strings with pseudo-variables, for the functions and parameters that read them so: `"from $fu to
 * $(tu{uri.host})"`.
 */
import type { Place } from '../1-read/source.ts'
import type { PvarNode } from './ast.ts'
import { PvarReader } from './pvars.ts'

export type FormatPart = string | PvarNode

/** `$$` is a dollar sign; anything else behind a $ must be a variable. Throws BadPvar. */
export function readFormat(text: string, place: Place): FormatPart[] {
  const parts: FormatPart[] = []
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) {
      plain += text.slice(at)
      break
    }
    plain += text.slice(at, dollar)
    if (text[dollar + 1] === '$') {
      plain += '$'
      at = dollar + 2
      continue
    }
    if (plain !== '') parts.push(plain)
    plain = ''
    const reader = new PvarReader(text, dollar, place)
    parts.push(reader.read())
    at = reader.at
  }
  if (plain !== '') parts.push(plain)
  return parts
}

/** The text when no variable is in it, else null. */
export function constantText(parts: readonly FormatPart[]): string | null {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : null
}
