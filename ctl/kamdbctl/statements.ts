/** Takes a script apart: our own, and those that the databases' own tools write. */

/** What may stand in a script: comments, quotes of all kinds, the end of a statement. */
const PART = new RegExp(
  [
    /--[^\n]*/,
    /\/\*[^]*?\*\//,
    /'(?:[^'\\]|\\[^]|'')*'/,
    /"[^"]*"/,
    /`[^`]*`/,
    /\$(\w*)\$[^]*?\$\1\$/,
    /;/,
    /[^;'"`/$-]+/,
    /[/$-]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

/** Statements without their semicolon; comments between them are left out. */
export function statementsOf(script: string): string[] {
  const statements: string[] = []
  let statement = ''
  for (const [part] of script.matchAll(PART)) {
    if (part.startsWith('--') || (part.startsWith('/*') && !part.startsWith('/*!'))) continue
    if (part !== ';') {
      statement += part
      continue
    }
    if (statement.trim() !== '') statements.push(statement.trim())
    statement = ''
  }
  if (statement.trim() !== '') statements.push(statement.trim())
  return statements
}

const COPY = /^COPY (\S+) \(([^)]*)\) FROM stdin;\n([^]*?)^\\\.$/gm

/** pg_dump writes rows as blocks that only psql reads: as INSERT they are for everybody. */
export function copyAsInsert(script: string): string {
  return script.replace(COPY, (_, table: string, columns: string, rows: string) =>
    rows
      .split('\n')
      .filter(row => row !== '')
      .map(
        row => `INSERT INTO ${table} (${columns}) VALUES (${row.split('\t').map(cell).join(',')});`,
      )
      .join('\n'),
  )
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function cell(text: string): string {
  if (text === '\\N') return 'NULL'
  const value = text.replace(/\\(.)/g, (_, sign: string) => ESCAPES[sign] ?? sign)
  // A quote in E'' is written as for other texts, a backslash is not.
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
