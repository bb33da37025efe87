/** The parameter db_scheme: a table in which each attribute is a column. */
import { BadValue } from '../../core/module/index.ts'

export interface Scheme {
  readonly name: string
  readonly table: string
  readonly value: string
  readonly isNumber: boolean
  /** Undefined: the usual columns. */
  readonly uuid: string | undefined
  readonly username: string | undefined
  readonly domain: string | undefined
}

const KEYS = ['uuid_col', 'username_col', 'domain_col', 'value_col', 'value_type', 'table']
const EXAMPLE = 'name:username_col=user;value_col=greeting;value_type=string;table=people'

/** Throws BadValue. */
export function readScheme(given: string | number): Scheme {
  const text = String(given)
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(colon, 0)).trim()
  if (name === '') throw new BadValue(`"${text}" names no scheme`, EXAMPLE)
  const fields = new Map<string, string>()
  for (const part of text.slice(colon + 1).split(';')) {
    if (part.trim() === '') continue
    const [key = '', value = ''] = part.split('=').map(word => word.trim())
    if (!KEYS.includes(key)) throw new BadValue(`unknown attribute <${key}> of a scheme`, EXAMPLE)
    fields.set(key, value)
  }
  const type = fields.get('value_type') ?? 'string'
  if (type !== 'string' && type !== 'integer')
    throw new BadValue(`unknown value type <${type}>`, 'string or integer')
  const value = fields.get('value_col') ?? ''
  if (value === '') throw new BadValue('a scheme needs a value_col', EXAMPLE)
  return {
    name,
    table: fields.get('table') ?? '',
    value,
    isNumber: type === 'integer',
    uuid: fields.get('uuid_col'),
    username: fields.get('username_col'),
    domain: fields.get('domain_col'),
  }
}
