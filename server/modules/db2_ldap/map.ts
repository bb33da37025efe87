/** What the mapping file says: servers, and which entries of them are the rows of a table. */
import { readFileSync } from 'node:fs'
import { type Filter, FilterParser } from 'ldapts'
import { toText } from '../../core/db/text.ts'
import { readFields, type LdapField } from './fields.ts'
import { type Section, type Setting, readSections, wrongAt } from './sections.ts'

export type Scope = 'base' | 'one' | 'sub'
/** How a connection becomes an encrypted one. */
export type Encryption = 'none' | 'start' | 'whole'

export interface LdapServer {
  readonly host: string
  readonly port: number
  /** Empty: nobody. */
  readonly user: string
  readonly password: string
  readonly encryption: Encryption
  /** Certificates of authorities; '' for those that every program trusts. */
  readonly authorities: string
  /** Is the certificate of the server looked at? */
  readonly verify: boolean
}

export interface LdapTable {
  readonly name: string
  readonly base: string
  readonly scope: Scope
  readonly filter: Filter | null
  /** Entries that a search may find; 0: as many as there are. */
  readonly sizeLimit: number
  /** Seconds for the server; 0: its own. */
  readonly timeLimit: number
  readonly fields: readonly LdapField[]
  /** Columns that the server does not compare. */
  readonly clientSide: ReadonlySet<string>
  /** For the check of versions; null when the file does not say it. */
  readonly version: number | null
}

export interface LdapMap {
  readonly path: string
  readonly connections: ReadonlyMap<string, LdapServer>
  readonly tables: ReadonlyMap<string, LdapTable>
  /** What is there and does nothing. */
  readonly warnings: readonly string[]
}

const HOST = /^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i

/** As it stands in a URL; null when it is no name and no address. */
export function hostOf(text: string): string | null {
  const host = /^[0-9a-f.]*:[0-9a-f:.]*$/i.test(text) ? `[${text}]` : text
  return HOST.test(host) ? host : null
}

const SCOPES: Readonly<Record<string, Scope>> = {
  base: 'base',
  one: 'one',
  onelevel: 'one',
  sub: 'sub',
  subtree: 'sub',
}
const SWITCH: Readonly<Record<string, boolean>> = {
  ...{ on: true, yes: true, true: true, 1: true },
  ...{ off: false, no: false, false: false, 0: false },
}
/** Is a certificate refused that cannot be verified? */
const CHECKS: Readonly<Record<string, boolean>> = {
  never: false,
  allow: false,
  try: true,
  demand: true,
}
const CONNECTION = 'host port username password authtype tls ca_list require_certificate'.split(' ')
const TABLE = (
  'base scope filter field_map sizelimit timelimit chase_references chase_referrals ' +
  'client_side_filtering version'
).split(' ')

/** Throws BadValue that names the line. */
export function readMap(text: string, path: string): LdapMap {
  const connections = new Map<string, LdapServer>()
  const tables = new Map<string, LdapTable>()
  const warnings: string[] = []
  for (const section of readSections(text, path)) {
    const read = new SectionReader(section, path)
    if (section.kind === 'table') tables.set(section.name, readTable(section, read, path))
    else connections.set(section.name, readConnection(section, read, warnings))
  }
  return { path, connections, tables, warnings }
}

/** The settings of a section by their names. */
class SectionReader {
  private readonly section: Section
  private readonly path: string

  constructor(section: Section, path: string) {
    this.section = section
    this.path = path
    const known = section.kind === 'table' ? TABLE : CONNECTION
    for (const { key, line } of section.settings)
      if (!known.includes(key))
        throw wrongAt(
          path,
          line,
          `[${section.kind}:${section.name}]: no setting ${key}`,
          known.join(', '),
        )
  }

  /** The last one counts. */
  setting(key: string): Setting | undefined {
    return this.section.settings.findLast(one => one.key === key)
  }

  text(key: string): string {
    return this.setting(key)?.value ?? ''
  }

  wrong(key: string, text: string, hint = ''): Error {
    return wrongAt(this.path, this.setting(key)?.line ?? this.section.line, text, hint)
  }

  number(key: string, otherwise: number, most: number): number {
    const text = this.text(key)
    if (text === '') return otherwise
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Infinity
    if (value > most) throw this.wrong(key, `invalid ${key} (${text}) specified`)
    return value
  }

  oneOf<T>(key: string, choices: Readonly<Record<string, T>>, otherwise: T): T {
    const text = this.text(key).toLowerCase()
    if (text === '') return otherwise
    if (!Object.hasOwn(choices, text))
      throw this.wrong(key, `${key} ${text} is not known`, Object.keys(choices).join(', '))
    return choices[text]!
  }
}

function readConnection(section: Section, read: SectionReader, warnings: string[]): LdapServer {
  const host = hostOf(read.text('host'))
  if (host === null)
    throw read.wrong('host', `[connection:${section.name}] has no host "${read.text('host')}"`)
  const authenticates = read.oneOf(
    'authtype',
    { none: false, simple: true, 'digest-md5': null, external: null },
    false,
  )
  if (authenticates === null)
    throw read.wrong(
      'authtype',
      `authtype ${read.text('authtype')} is not there`,
      'simple, with tls',
    )
  const user = read.text('username')
  const password = read.text('password')
  // RFC 4513, 5.1.2: a name without a password is taken for nobody, and everybody would be let in.
  if (authenticates && user !== '' && password === '')
    throw read.wrong('username', `${user} has no password`)
  if (!authenticates && user !== '')
    warnings.push(
      `[connection:${section.name}]: username is not used without authtype=simple: nobody asks`,
    )
  return {
    host,
    port: read.number('port', 389, 65_535),
    user: authenticates ? user : '',
    password: authenticates ? password : '',
    encryption: read.oneOf('tls', SWITCH, false) ? 'start' : 'none',
    authorities: authoritiesOf(read),
    verify: read.oneOf('require_certificate', CHECKS, true),
  }
}

function authoritiesOf(read: SectionReader): string {
  const path = read.text('ca_list')
  try {
    return path === '' ? '' : readFileSync(path, 'latin1')
  } catch (error) {
    throw read.wrong('ca_list', (error as Error).message)
  }
}

function readTable(section: Section, read: SectionReader, path: string): LdapTable {
  const { name } = section
  for (const key of ['chase_references', 'chase_referrals'])
    if (!['', 'never', 'no', 'off'].includes(read.text(key)))
      throw read.wrong(key, `${key}: other servers are not asked`, 'never')
  const base = read.text('base')
  if (base === '')
    throw read.wrong('base', `[table:${name}] has no base`, 'base = "dc=example,dc=com"')
  const maps = section.settings.filter(({ key }) => key === 'field_map')
  const version = read.text('version')
  return {
    name,
    base: toText(base),
    scope: read.oneOf('scope', SCOPES, 'base'),
    filter: filterOf(read),
    // The highest number is Kamailio's way to say that there is no limit.
    sizeLimit: read.number('sizelimit', 0, 0x7fffffff) % 0x7fffffff,
    timeLimit: read.number('timelimit', 0, 0x7fffffff),
    fields: readFields(name, maps, path),
    clientSide: new Set(read.text('client_side_filtering').split(/\s*,\s*/)),
    version: version === '' ? null : read.number('version', 0, 0xffff),
  }
}

function filterOf(read: SectionReader): Filter | null {
  const text = read.text('filter')
  try {
    return text === '' ? null : FilterParser.parseString(toText(text))
  } catch (error) {
    throw read.wrong('filter', `no filter: ${(error as Error).message}`, '(objectClass=person)')
  }
}
