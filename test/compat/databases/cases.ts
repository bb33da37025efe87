// Databases whose tables are not as a module expects them.
const VERSION = 'CREATE TABLE version (table_name VARCHAR(32), table_version INTEGER);'
const DOMAIN = `
CREATE TABLE domain (id INTEGER PRIMARY KEY, domain VARCHAR(64), did VARCHAR(64),
  last_modified TIMESTAMP WITHOUT TIME ZONE);
CREATE TABLE domain_attrs (id INTEGER PRIMARY KEY, did VARCHAR(64), name VARCHAR(32),
  type INTEGER, value VARCHAR(255), last_modified TIMESTAMP WITHOUT TIME ZONE);`

const row = (version: string | number, table = 'domain'): string =>
  `INSERT INTO version VALUES ('${table}', ${version});`

/** What is in the file, by what is wrong with it. */
export const CASES: Readonly<Record<string, string>> = {
  'another version': `${VERSION}${DOMAIN}${row(6)}`,
  'no row': `${VERSION}${DOMAIN}`,
  'two rows': `${VERSION}${DOMAIN}${row(6)}${row(2)}`,
  'no version at all': `${VERSION}${DOMAIN}${row('NULL')}`,
  'a version that is a text': `${VERSION.replace('INTEGER', 'VARCHAR(5)')}${DOMAIN}${row(2)}`,
  'no table version': DOMAIN,
  'an empty file': '',
  'the row of another table': `${VERSION}${DOMAIN}${row(2, 'location')}`,
}

/** Kamailio's module that asks, and what it expects. */
export const TABLE = 'domain'
export const EXPECTED = 2
