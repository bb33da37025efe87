/** A directory, its map, and what is asked of it: of the real Kamailio by record.ts. */

const SYNTAXES = '1.3.6.1.4.1.1466.115.121.1'
const OID = '1.3.6.1.4.1.4203.666.78'

/** Lines of slapd.conf. */
export const SCHEMA: readonly string[] = [
  `attributetype ( ${OID}.1 NAME 'flags' EQUALITY bitStringMatch SYNTAX ${SYNTAXES}.6 )`,
  `attributetype ( ${OID}.2 NAME 'since' EQUALITY generalizedTimeMatch SYNTAX ${SYNTAXES}.24 )`,
  `attributetype ( ${OID}.3 NAME 'active' EQUALITY booleanMatch SYNTAX ${SYNTAXES}.7 )`,
  `attributetype ( ${OID}.4 NAME 'floor' EQUALITY integerMatch ORDERING integerOrderingMatch ` +
    `SYNTAX ${SYNTAXES}.27 )`,
  `attributetype ( ${OID}.5 NAME 'unruly' SYNTAX ${SYNTAXES}.15 )`,
  `objectclass ( ${OID}.6 NAME 'colleague' SUP top AUXILIARY ` +
    'MAY ( flags $ since $ active $ floor $ unruly ) )',
]

export const PEOPLE = `dn: ou=people,dc=x
objectClass: organizationalUnit
ou: people

dn: cn=Al,ou=people,dc=x
objectClass: inetOrgPerson
objectClass: colleague
cn: Al
sn: Smith
telephoneNumber: 100
telephoneNumber: 101
mail: a@x.org
mail: b@x.org
flags: '0100'B
since: 20261121201500Z
active: TRUE
floor: 5
unruly: wild

dn: cn=bob (b)*\\\\,ou=people,dc=x
objectClass: inetOrgPerson
objectClass: colleague
cn: bob (b)*\\
sn: Smith
sn: Müller
floor: 7
active: FALSE

dn: cn=odd,ou=people,dc=x
objectClass: inetOrgPerson
cn: odd
sn: Odd
description: seven
`

export const SECTION = `[table:people]
base = "ou=people,dc=x"
scope = onelevel
filter = "(objectClass=inetOrgPerson)" # persons
field_map = name : cn
field_map = tel : telephoneNumber
field_map = mails : (String) mail
field_map = flags : (BitString) flags
field_map = since : (GeneralizedTime) since
field_map = active : (Boolean) active
field_map = floor : (Integer) floor
`

export interface Comparison {
  readonly column: string
  readonly op: '=' | '<' | '>' | '<=' | '>=' | '!='
  readonly value: string | number
}

export interface Case {
  readonly columns: readonly string[]
  readonly where: readonly Comparison[]
}

const ask = (columns: string, ...where: [string, Comparison['op'], string | number][]): Case => ({
  columns: columns.split(' '),
  where: where.map(([column, op, value]) => ({ column, op, value })),
})

export const CASES: readonly Case[] = [
  ask('name tel mails flags since active floor', ['name', '=', 'Al']),
  ask('name tel mails flags since active floor', ['name', '=', 'bob (b)*\\']),
  ask('name tel', ['tel', '=', '101']),
  ask('name', ['name', '=', 'AL']),
  ask('name', ['name', '=', 'a*']),
  ask('name', ['name', '=', 'nobody']),
  ask('sn', ['sn', '=', 'Smith']),
  ask('name floor', ['floor', '=', 7]),
  ask('name floor', ['floor', '>', 5]),
  ask('name floor', ['floor', '>=', 5]),
  ask('name floor', ['floor', '<', 7]),
  ask('name floor', ['floor', '<=', 5]),
  ask('name', ['since', '=', 1_795_292_100]),
  ask('name floor', ['name', '=', 'Al'], ['floor', '=', 5]),
  ask('name floor', ['name', '=', 'Al'], ['floor', '=', 7]),
  ask('sn name', ['name', '=', 'odd']),
  ask('name nosuch', ['name', '=', 'odd']),
  ask('name floor', ['name', '=', 'odd']),
]

/** Fields of a row in one text, as both sides show them. */
export const shownRow = (fields: readonly (string | number | bigint | null)[]): string =>
  fields.map(field => (field === null ? '' : String(field))).join('|')
