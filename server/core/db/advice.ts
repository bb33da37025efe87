/** What an operator can do about a database that cannot be used. */

/** Drivers of Kamailio that are not there, and what does their work. */
const INSTEAD: Readonly<Record<string, string>> = {
  unixodbc: 'mysql://, postgres:// or sqlite://, which need no ODBC',
  oracle: 'mysql://, postgres:// or sqlite://',
  berkeley: 'sqlite://, which keeps its tables in a file, too',
  mongodb: 'mysql://, postgres:// or redis://',
  perlvdb: 'sqlops and a KEMI script',
}

/** Of a driver that will not be there; undefined for any other name. */
export const insteadOf = (scheme: string): string | undefined => INSTEAD[scheme]

/** What servers and the system say -> what to look at. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /access denied|password authentication failed|no password supplied|no pg_hba/i,
    'user and password of the URL are not those of the database, or it has none of this name ' +
      '(DBURL of the config; DBRWUSER, DBRWPW and DBNAME of kamctlrc; for kamdbctl DBROOTUSER ' +
      'and DBROOTPW)',
  ],
  [
    /must be owner|permission denied/i,
    'the user of this URL may not: kamctl --db and kamdbctl take the owner of the database',
  ],
  [
    /column .* does not exist|unknown column|has no column/i,
    'the table lacks a column that the config names: kamctl acc initdb adds those which the ' +
      'default config accounts',
  ],
  [
    /Invalid credentials|Inappropriate auth/,
    'name and password are those of the URL, or of its section [connection:...] with ' +
      'authtype=simple',
  ],
  [
    /Cannot find configuration for/,
    'its section says base, scope, filter and the field_map of its columns',
  ],
  [/base ".*": No such object/, 'the directory has no entry of this name, or does not show it'],
  [/unknown database|database ".*" does not exist/i, 'kamdbctl create makes it'],
  [/ECONNREFUSED|connect ENOENT/, 'is the database server running, with this host and port?'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host'],
  [
    /unable to open database file/,
    'its folder has to be there, for the user of the node to write; kamdbctl create makes both',
  ],
  [
    /no such table|table .* doesn't exist|relation .* does not exist/i,
    "kamdbctl create makes Kamailio's tables, kamdbctl presence, extra and dbuid the other ones",
  ],
]

/** What to look at; empty when the reason says enough. */
export const adviceAbout = (reason: string): string =>
  ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? ''
