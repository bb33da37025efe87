/** Which attributes: the second argument of avp_db_load and its sisters. */
import type { Formats } from '../../core/core.ts'
import { BadValue } from '../../core/module/index.ts'
import { endOfVariable, type NameOf, readAvp } from './avp-name.ts'

export interface AttributeArg {
  /** null: all, or all of a kind. */
  readonly name: NameOf | null
  readonly kind: '*' | 's' | 'i'
  /** '' for avp_table. */
  readonly table: string
  /** Name of a db_scheme, '' for none. */
  readonly scheme: string
}

/** `$avp(x)`, `*`, `s` or `i`, then maybe `/table` or `/$scheme`. Throws BadValue. */
export function readAttribute(text: string, formats: Formats): AttributeArg {
  const slash = endOfVariable(text)
  const what = slash < 0 ? text : text.slice(0, slash)
  const where = slash < 0 ? '' : text.slice(slash + 1)
  const scheme = where.startsWith('$') ? where.slice(1) : ''
  const table = scheme === '' ? where : ''
  if (what.startsWith('$')) return { name: readAvp(what, formats), kind: '*', table, scheme }
  const kind = what.toLowerCase()
  if (kind !== '*' && kind !== 's' && kind !== 'i')
    throw new BadValue('bad param - expected : *, s or i AVP flag', 'or $avp(name)')
  if (scheme !== '')
    throw new BadValue('inconsistent usage of DB scheme without complete specification of AVP name')
  return { name: null, kind, table, scheme }
}

/** The same for what cannot use a db_scheme. */
export function readPlainAttribute(text: string, formats: Formats): AttributeArg {
  const attribute = readAttribute(text, formats)
  if (attribute.scheme !== '') throw new BadValue("function doesn't support DB schemes")
  return attribute
}
