/** What kamdbctl can do, as rows: its help and its README come from them. */

export interface Row {
  readonly name: string
  readonly args: string
  readonly doc: string
}

export const ROWS: readonly Row[] = [
  { name: 'create', args: '[name or path]', doc: 'creates a new database' },
  { name: 'drop', args: '[name or path]', doc: '!entirely deletes tables!' },
  {
    name: 'reinit',
    args: '[name or path]',
    doc: '!entirely deletes and than re-creates tables!',
  },
  { name: 'backup', args: '<file>', doc: 'dumps current database to file' },
  { name: 'restore', args: '<file>', doc: 'restores tables from a file' },
  { name: 'copy', args: '<new_db>', doc: 'creates a new db from an existing one' },
  { name: 'migrate', args: '', doc: 'brings tables of an older Kamailio to today’s version' },
  { name: 'presence', args: '', doc: 'adds the presence related tables' },
  { name: 'extra', args: '', doc: 'adds the extra tables' },
  { name: 'dbuid', args: '', doc: 'adds the uid tables' },
  { name: 'dbonly', args: '[name]', doc: 'creates empty database' },
  { name: 'grant', args: '[name]', doc: 'grant privileges to database' },
  { name: 'revoke', args: '[name]', doc: 'revoke privileges to database' },
  { name: 'add-tables', args: '<gid>', doc: 'creates only tables groupped in gid' },
  { name: 'version', args: '', doc: 'shows the version' },
]

export const OPTIONS: readonly (readonly [string, string])[] = [
  ['--set NAME=VALUE', 'a setting of kamctlrc, for this run; as often as needed'],
  ['-y, --yes', 'whatever is asked, the answer is yes'],
  ['-n, --dry-run', 'migrate: show the statements, carry out none'],
]

export function usageText(): string {
  const rows = ROWS.map(({ name, args, doc }, i) => {
    const words = `kamdbctl ${name}${args === '' ? '' : ` ${args}`} `
    return `${i === 0 ? 'usage: ' : '       '}${words.padEnd(42, '.')}(${doc})`
  })
  const options = OPTIONS.map(([flags, doc]) => `       ${flags.padEnd(24)}${doc}`)
  const how = [
    'Which database, which users, which tables: DBENGINE (MYSQL, PGSQL, SQLITE, DBTEXT), DBNAME,',
    'DB_PATH, DBHOST, DBPORT, DBROOTUSER, DBROOTPW, DBRWUSER, DBRWPW, DBROUSER, DBROPW,',
    'DBACCESSHOST, CHARSET, INSTALL_EXTRA_TABLES, INSTALL_PRESENCE_TABLES,',
    'INSTALL_DBUID_TABLES ... in /etc/kamailio/kamctlrc, ~/.kamctlrc or the environment.',
  ]
  return [...rows, '', ...options, '', ...how.map(line => `       ${line}`), ''].join('\n')
}
