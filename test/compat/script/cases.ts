/**
 * Files of facts about the routing language (*.facts): small configs, and under each what the real
 * Kamailio says of it. The format:
 *
 *     === what it is about
 *     #!define X 5                    lines of the config, as they stand
 *     > show X is $def(X)             lines of its request_route: `show` logs a text with variables
 *     > value X + 1                   `value` logs what an expression is worth
 *     > if (X) { show yes; }          `show` may also stand behind other statements
 *     --- file: sub/other.cfg         another file beside it
 *     --- args: -A NAME=1             more of the command line
 *     --- env: HOME=/root             more of the environment
 *     --- bare                        nothing is put above the config: no modules, no #!KAMAILIO
 *     --- says                        recorded: `refused`, or the lines that were logged
 *     --- ours: why                   where ours differs on purpose: the reason, and what it says
 */

export interface Case {
  readonly name: string
  readonly config: string
  readonly files: ReadonlyMap<string, string>
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly bare: boolean
  /** Null before it was recorded. */
  readonly says: string | null
  readonly ours: { readonly why: string; readonly says: string } | null
}

export const PORT = 25_466
export const MODULES = ['kex', 'corex', 'sl', 'pv', 'textops', 'siputils', 'xlog']
export const MARK = '@@'
export const REFUSED = 'refused'

const SECTION = /^--- (?=\w)/m

/** The cases of a file, and the remarks above the first one. */
export function readCases(text: string): { remarks: string; cases: Case[] } {
  const [remarks = '', ...parts] = text.split(/^=== /m)
  return { remarks, cases: parts.map(readCase) }
}

function readCase(text: string): Case {
  const [head = '', ...sections] = text.split(SECTION)
  const [name, config] = halves(head, '\n')
  const files = new Map<string, string>()
  const args: string[] = []
  const env: Record<string, string> = {}
  let bare = false
  let says: string | null = null
  let ours: Case['ours'] = null
  for (const section of sections) {
    const [first, body] = halves(section, '\n')
    const [kind, given] = halves(first, ': ')
    if (kind === 'file') files.set(given, body)
    else if (kind === 'args') args.push(...given.split(' ').map(arg => arg.replaceAll('~', ' ')))
    else if (kind === 'env') env[halves(given, '=')[0]] = halves(given, '=')[1]
    else if (kind === 'bare') bare = true
    else if (kind === 'says') says = body.trimEnd()
    else if (kind === 'ours') ours = { why: given, says: body.trimEnd() }
    else throw new Error(`${name}: unknown section '${kind}'`)
  }
  return { name, config, files, args, env, bare, says, ours }
}

/** The text before and after the first separator; all of it and nothing when there is none. */
function halves(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** The same file with what was recorded. */
export function withAnswers(text: string, answers: readonly string[]): string {
  const [remarks = '', ...parts] = text.split(/^=== /m)
  const answered = parts.map((part, i) => {
    const [before = '', ...sections] = part.split(SECTION)
    const kept = sections.filter(section => !section.startsWith('says'))
    const ours = kept.filter(section => section.startsWith('ours'))
    const others = kept.filter(section => !section.startsWith('ours'))
    const told = answers[i] === '' ? 'says\n' : `says\n${answers[i]}\n`
    const all = [...others, told, ...ours.map(section => `${section.trimEnd()}\n`)]
    return `${before.trimEnd()}\n${all.map(section => `--- ${section}`).join('')}`.trimEnd()
  })
  return [remarks, ...answered.map(part => `=== ${part}\n\n`)].join('').trimEnd().concat('\n')
}

/** What both servers are given above each config. */
const HEAD = `#!KAMAILIO
debug=0
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${PORT}
${MODULES.map(name => `loadmodule "${name}.so"\n`).join('')}`

/** The config of a case, ready to be run. */
export function configOf(one: Case): string {
  const lines = one.config.split('\n')
  const statements = lines.filter(line => line.startsWith('> ')).map(line => line.slice(2))
  const outside = lines
    .filter(line => !line.startsWith('> '))
    .join('\n')
    .trimEnd()
  const body = statements.map((line, i) => statement(line, i)).join('\n')
  const route = statements.length === 0 ? '' : `request_route {\n${body}\n}\n`
  return `${one.bare ? '' : HEAD}${outside}${outside === '' ? '' : '\n'}${route}`
}

const shown = (text: string): string => `xlog("L_ERR", "${MARK}${text}\\n");`

function statement(line: string, number: number): string {
  if (line.startsWith('show ')) return shown(line.slice(5))
  if (line.startsWith('value '))
    return `$var(value${number}) = ${line.slice(6)}; ${shown(`$var(value${number})`)}`
  return line.replace(
    /(?<=[\s;{)]) *\bshow ([^;{}]*)(?:;|$|(?= \}))/g,
    (_, text: string) => ` ${shown(text)}`,
  )
}

/** The request that every config is asked with. */
export const request = (port: number, more = ''): string =>
  [
    'OPTIONS sip:bob@example.org:5070;x=1 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKfacts1`,
    'From: "Al" <sip:alice@example.com>;tag=ft',
    'To: <sip:bob@example.org>',
    'Call-ID: facts@example.com',
    'CSeq: 7 OPTIONS',
    'Contact: <sip:alice@192.0.2.1:5062>',
    'X-A: one',
    'X-A: two',
    'Max-Forwards: 70',
    `${more}Content-Length: 0`,
    '',
    '',
  ].join('\r\n')

/** What was marked in the lines of a log. */
export const marked = (texts: readonly string[]): string =>
  texts
    .flatMap(text => text.split('\n'))
    .filter(line => line.includes(MARK))
    .map(line => line.slice(line.indexOf(MARK) + MARK.length).trimEnd())
    .join('\n')
