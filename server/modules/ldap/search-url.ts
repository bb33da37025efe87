/** LDAP URLs of searches (RFC 4516), with the name of a session in place of a host. */
export type Scope = 'base' | 'one' | 'sub'

export interface Search {
  readonly session: string
  readonly base: string
  /** Empty: all of them. */
  readonly attributes: readonly string[]
  readonly scope: Scope
  readonly filter: string
}

// RFC 4516, 3: if <filter> is not present, a default of (objectClass=*) is assumed; if <scope> is
// omitted, a <scope> of "base" is assumed.
const FILTER = '(objectClass=*)'

/** null when it is none. */
export function readSearchUrl(url: string): Search | null {
  const [, session = '', rest = ''] = /^ldap:\/\/([^/?]*)(?:\/(.*))?$/is.exec(url) ?? []
  if (session === '') return null
  const [base = '', attributes = '', scope = '', filter = ''] = rest.split('?').map(decoded)
  if (!/^(base|one|sub)?$/i.test(scope)) return null
  return {
    session,
    base,
    attributes: attributes.split(',').filter(name => name !== ''),
    scope: (scope.toLowerCase() || 'base') as Scope,
    filter: filter || FILTER,
  }
}

/** Bytes that are written as %XX. */
const decoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

const ESCAPED: Readonly<Record<string, string>> = {
  '*': '\\2a',
  '(': '\\28',
  ')': '\\29',
  '\\': '\\5c',
  '?': '%3F',
}

/** What stands in a filter for the text itself. */
export const escapeFilter = (text: string): string =>
  text.replace(/[*()\\?]/g, sign => ESCAPED[sign]!)
