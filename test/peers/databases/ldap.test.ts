// Tables that are entries of a real OpenLDAP: the suite's reading half, with rows that come into
// the directory the way that its owner brings them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'ldapts'
import { afterAll } from 'vitest'
import type { DbCell, DbType } from '../../../server/core/db/api.ts'
import { LdapServer } from '../../kit/slapd.ts'
import type { RowWriter } from './stage.ts'
import { databaseSuite } from './suite.ts'
import { type SuiteTable, TABLES } from './tables.ts'

const OID = '1.3.6.1.4.1.4203.666.77'
/** RFC 4517. */
const SYNTAXES = '1.3.6.1.4.1.1466.115.121.1'

interface Kind {
  /** In the map. */
  readonly name: string
  /** Of an attribute, in the server's schema. */
  readonly schema: string
}

const INTEGER = `EQUALITY integerMatch SYNTAX ${SYNTAXES}.27`
const BYTES = `EQUALITY octetStringMatch SYNTAX ${SYNTAXES}.40`

const KINDS: Readonly<Record<DbType, Kind>> = {
  int: { name: 'Integer', schema: INTEGER },
  bigint: { name: 'Integer', schema: INTEGER },
  bitmap: { name: 'Integer', schema: INTEGER },
  double: { name: 'Float', schema: `EQUALITY caseExactIA5Match SYNTAX ${SYNTAXES}.26` },
  datetime: {
    name: 'GeneralizedTime',
    schema: `EQUALITY generalizedTimeMatch SYNTAX ${SYNTAXES}.24`,
  },
  string: { name: 'String', schema: BYTES },
  blob: { name: 'Binary', schema: BYTES },
}

/** Attributes have no lines below. */
const attributeOf = (column: string): string => `suite-${column.replaceAll('_', '-')}`

const columns = new Map(TABLES.flatMap(table => table.columns).map(one => [one.name, one]))
const schema = [
  ...[...columns.values()].map(
    ({ name, type }, at) =>
      `attributetype ( ${OID}.1.${at} NAME '${attributeOf(name)}' ${KINDS[type].schema} )`,
  ),
  `objectclass ( ${OID}.2.1 NAME 'suiteRow' SUP top STRUCTURAL MUST uid ` +
    `MAY ( ${[...columns.keys()].map(attributeOf).join(' $ ')} ) )`,
]

const sectionOf = ({ name, columns: all }: SuiteTable): string =>
  [
    `[table:${name}]`,
    `base = "ou=${name},dc=x"`,
    'scope = onelevel',
    'filter = "(objectClass=suiteRow)" # no other ones',
    ...all.map(
      one => `field_map = ${one.name} : (${KINDS[one.type].name}) ${attributeOf(one.name)}`,
    ),
    '',
  ].join('\n')

const entries = TABLES.map(
  ({ name }) => `dn: ou=${name},dc=x\nobjectClass: organizationalUnit\nou: ${name}\n`,
).join('\n')

function printed({ type, value }: DbCell): Buffer {
  if (type !== 'datetime') return Buffer.from(String(value), 'latin1')
  const digits = new Date(Number(value) * 1000).toISOString().replace(/[-:T]|\..*/g, '')
  return Buffer.from(`${digits}Z`)
}

const folder = mkdtempSync(join(tmpdir(), 'ohana-ldap-'))
const map = join(folder, 'ldap.cfg')
writeFileSync(map, TABLES.map(sectionOf).join('\n'))
afterAll(() => rmSync(folder, { recursive: true }))

let server: LdapServer
let client: Client

class DirectoryWriter implements RowWriter {
  private readonly names = new Map<string, string[]>()
  private last = 0

  async insert(table: string, row: readonly DbCell[]): Promise<void> {
    const uid = String(++this.last)
    const dn = `uid=${uid},ou=${table},dc=x`
    const values = row
      .filter(({ value }) => value !== null)
      .map(cell => [attributeOf(cell.column), [printed(cell)]] as const)
    await client.add(dn, { objectClass: 'suiteRow', uid, ...Object.fromEntries(values) })
    this.names.set(table, [...(this.names.get(table) ?? []), dn])
  }

  async clear(table: string): Promise<void> {
    const names = this.names.get(table) ?? []
    this.names.delete(table)
    await Promise.all(names.map(dn => client.del(dn)))
  }
}

databaseSuite({
  module: 'db2_ldap',
  config: `modparam("db2_ldap", "config", "${map}")`,
  can: ['query', 'fetch'],
  traits: [
    ...(['null', 'long numbers', 'order', 'operators', 'bits', 'blobs', 'strict'] as const),
    ...(['same rows', 'itself'] as const),
  ],
  writer: new DirectoryWriter(),
  start: async () => {
    server = await LdapServer.start(entries, { schema })
    client = new Client({ url: server.url })
    await client.bind(LdapServer.admin, LdapServer.password)
    return server.url.replace('//', `//${LdapServer.admin}:${LdapServer.password}@`)
  },
  stop: async () => {
    await client.unbind()
    await server.stop()
  },
})
