/** The tables of topos, as Kamailio's scripts make them for SQLite. */
const texts = (length: number, names: string): string[] =>
  names.split(' ').map(name => `${name} VARCHAR(${length}) DEFAULT '' NOT NULL`)

const FIRST = ['id INTEGER PRIMARY KEY NOT NULL', 'rectime TIMESTAMP WITHOUT TIME ZONE NOT NULL']

const DIALOGS = [
  ...FIRST,
  ...texts(64, 'x_context s_method s_cseq'),
  ...texts(255, 'a_callid a_uuid b_uuid'),
  ...texts(512, 'a_contact b_contact as_contact bs_contact'),
  ...texts(255, 'a_tag b_tag'),
  'a_rr TEXT',
  'b_rr TEXT',
  's_rr TEXT',
  'iflags INTEGER DEFAULT 0 NOT NULL',
  ...texts(255, 'a_uri b_uri r_uri'),
  ...texts(128, 'a_srcaddr b_srcaddr a_socket b_socket'),
]

const BRANCHES = [
  ...FIRST,
  ...texts(64, 'x_context s_method s_cseq'),
  ...texts(255, 'a_callid a_uuid b_uuid'),
  'direction INTEGER DEFAULT 0 NOT NULL',
  'x_via TEXT',
  ...texts(255, 'x_vbranch'),
  'x_rr TEXT',
  'y_rr TEXT',
  's_rr TEXT',
  ...texts(255, 'x_uri'),
  ...texts(512, 'a_contact b_contact as_contact bs_contact'),
  ...texts(255, 'x_tag a_tag b_tag a_srcaddr b_srcaddr'),
  ...texts(128, 'a_socket b_socket'),
]

/** Of both tables. */
export const TABLE_VERSION = 2

function table(name: string, columns: readonly string[], indexes: string): string {
  const made = indexes
    .split(' ')
    .map(of => `CREATE INDEX IF NOT EXISTS ${name}_${of}_idx ON ${name} (${of});`)
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')});`,
    ...made,
    `INSERT INTO version (table_name, table_version) SELECT '${name}', ${TABLE_VERSION}`,
    `WHERE NOT EXISTS (SELECT 1 FROM version WHERE table_name = '${name}');`,
  ].join('\n')
}

/** Makes what is missing. */
export const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS version (id INTEGER PRIMARY KEY NOT NULL,',
  'table_name VARCHAR(32) NOT NULL, table_version INTEGER DEFAULT 0 NOT NULL,',
  'CONSTRAINT version_table_name_idx UNIQUE (table_name));',
  table('topos_d', DIALOGS, 'rectime a_callid a_uuid b_uuid'),
  table('topos_t', BRANCHES, 'rectime a_callid x_vbranch a_uuid'),
].join('\n')
