/**
 * The command line: Kamailio's options, letter for letter, and a few of our own. One table gives
 * the parser and the help.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { STANDARD_INPUT } from '../script/index.ts'

interface Row {
  /** The letter, or '' for an option that is only long. */
  readonly short: string
  readonly long: string
  /** What its value is called in the help; '' for a switch. */
  readonly value: string
  readonly doc: string
}

const row = (short: string, long: string, value: string, doc: string): Row => ({
  short,
  long,
  value,
  doc,
})

const configFileOf = (given: string): string =>
  given === '-' ? STANDARD_INPUT : resolve(given || '/etc/kamailio/kamailio.cfg')

/** Letters without a long form in Kamailio get a name here that nobody needs to type. */
const TABLE: readonly Row[] = [
  row(
    'a',
    'auto-aliases',
    'mode',
    'Auto aliases mode: enable with yes or on, disable with no or off',
  ),
  row(
    '',
    'allow-missing',
    '',
    'Run without modules that are not here yet: what is used of them fails',
  ),
  row('', 'alias', 'val', "Add an alias, the value has to be '[proto:]hostname[:port]'"),
  row('', 'atexit', 'val', 'Accepted; there are no exit callbacks of external libraries here'),
  row(
    'A',
    'define',
    'define',
    "Add config pre-processor define (e.g., -A WITH_AUTH, -A 'FLT_ACC=1')",
  ),
  row('b', 'max-buffer', 'nr', 'Maximum OS UDP receive buffer size'),
  row('c', 'check', '', 'Check configuration file for syntax errors'),
  row('', 'cfg-print', '', 'Print configuration file evaluating includes and ifdefs'),
  row('d', 'debug-up', '', 'Debugging level control (multiple -d to increase the level from 0)'),
  row('', 'debug', 'val', 'Debugging level value'),
  row('', 'describe', '', 'Print what the core and all modules offer, as JSON'),
  row(
    'D',
    'daemon',
    '',
    'Control how daemonize is done: -D and -DD stay in the foreground, -DDD daemonizes (default)',
  ),
  row('', 'emit-js', '', 'Print the JavaScript that the configuration file becomes'),
  row('', 'explain', 'file:line', 'Say in plain words what a line of the configuration does'),
  row('e', 'color', '', 'Log messages printed in terminal colors (requires -E)'),
  row('E', 'stderr', '', 'Log to stderr'),
  row(
    'f',
    'file',
    'file',
    'Configuration file, - for the standard input (default: /etc/kamailio/kamailio.cfg)',
  ),
  row('g', 'gid', 'gid', 'Change gid (group id)'),
  row('G', 'pgid-file', 'file', 'Create a pgid file'),
  row('h', 'help', '', 'This help message'),
  row('', 'hosts', 'file', 'Read the addresses of local names here (default: /etc/hosts)'),
  row('I', 'flags', '', 'Print more internal flags and options'),
  row('K', 'check-via', '', 'Turn on "via:" host checking when forwarding replies'),
  row(
    'l',
    'listen',
    'address',
    'Listen on [proto:]addr[:port][/advaddr]; may be given several times',
  ),
  row('', 'loadmodule', 'name', 'load the module specified by name'),
  row('', 'log-engine', 'log', 'engine name and data: json or json:LETTERS (a c j M N p U)'),
  row('L', 'module-path', 'path', 'Modules search path; accepted, our modules are built in'),
  row('m', 'shared-memory', 'nr', 'Accepted for compatibility: memory is managed by the runtime'),
  row(
    '',
    'modparam',
    'val',
    "set the module parameter: 'modname:paramname:type:value', type is s or i",
  ),
  row('M', 'private-memory', 'nr', 'Accepted for compatibility: memory is managed by the runtime'),
  row(
    'n',
    'children',
    'processes',
    'Accepted for compatibility: one event loop serves all sockets',
  ),
  row('N', 'tcp-children', 'nr', 'Accepted for compatibility: one event loop serves all sockets'),
  row(
    'O',
    'optimization',
    'nr',
    'Accepted for compatibility: the script is compiled to JavaScript',
  ),
  row('P', 'pid-file', 'file', 'Create a pid file'),
  row('Q', 'sctp-children', 'nr', 'Accepted for compatibility: there is no SCTP'),
  row('r', 'dns', '', 'Use dns to check if is necessary to add a "received=" field to a via'),
  row('R', 'reverse-dns', '', 'Same as -r but use reverse dns'),
  row(
    '',
    'resolv-conf',
    'file',
    'Read the name servers here (default: /etc/resolv.conf); addresses may have a :port',
  ),
  row(
    '',
    'rpc',
    'address',
    'JSON-RPC over WebSocket on this loopback host:port as well; may be given several times',
  ),
  row('', 'server-id', 'num', 'set the value for server_id'),
  row('', 'strict-5.6', '', 'Refuse what Kamailio 5.6 does not know'),
  row('', 'subst', 'exp', 'set a subst preprocessor directive'),
  row('', 'substdef', 'exp', 'set a substdef preprocessor directive'),
  row('', 'substdefs', 'exp', 'set a substdefs preprocessor directive'),
  row('S', 'no-sctp', '', 'disable sctp'),
  row('t', 'chroot', 'dir', 'Chroot to "dir"'),
  row('T', 'no-tcp', '', 'Disable tcp'),
  row('u', 'uid', 'uid', 'Change uid (user id)'),
  row('v', 'version', '', 'Version number'),
  row('V', 'version-too', '', 'Alternative for `-v`'),
  row('x', 'shm-manager', 'name', 'Accepted for compatibility: memory is managed by the runtime'),
  row('X', 'pkg-manager', 'name', 'Accepted for compatibility: memory is managed by the runtime'),
  row('Y', 'run-dir', 'dir', 'Runtime dir path'),
  row('w', 'work-dir', 'dir', 'Change the working directory to "dir" (default: "/")'),
  row('W', 'poll', 'type', 'Accepted for compatibility: the runtime chooses the poll method'),
  row('', 'node-name', 'name', 'How a fleet names this node (default: host name and first port)'),
]

export interface CommandLine {
  readonly configFile: string
  /** Was it named on the command line? */
  readonly configGiven: boolean
  readonly check: boolean
  readonly printConfig: boolean
  /** Modules that are not here are warnings. */
  readonly allowMissing: boolean
  /** Refuse what only Kamailio 6 knows. */
  readonly strict56: boolean
  /** What to do in place of serving. */
  readonly emitJs: boolean
  readonly describe: boolean
  /** FILE:LINE, '' when nothing is to be explained. */
  readonly explain: string
  readonly help: boolean
  readonly version: boolean
  /** Stay in the foreground: -D or -DD. */
  readonly foreground: boolean
  readonly logToStderr: boolean
  readonly logColor: boolean
  readonly logEngine: string
  /** null: the config decides. */
  readonly debug: number | null
  readonly defines: readonly string[]
  readonly substitutions: readonly { kind: 'subst' | 'substdef' | 'substdefs'; text: string }[]
  readonly listen: readonly string[]
  readonly aliases: readonly string[]
  readonly autoAliases: boolean | null
  readonly loadModules: readonly string[]
  readonly modParams: readonly string[]
  readonly pidFile: string
  readonly groupIdFile: string
  /** `host:port` of WebSockets for our own tools. */
  readonly rpc: readonly string[]
  /** Where name servers and local names are written down. */
  readonly resolvConf: string
  readonly hosts: string
  readonly runDir: string | null
  readonly workDir: string
  readonly user: string
  readonly group: string
  readonly chroot: string
  readonly disableTcp: boolean
  readonly serverId: number | null
  readonly nodeName: string
  readonly argv: readonly string[]
}

/** A command line that cannot be obeyed; the text is the sentence for stderr. */
export class UsageError extends Error {}

/** The engines that are built in: json, with letters behind a colon. */
function logEngine(text: string): string {
  if (text === '' || /^json(:[a-zA-Z]*)?$/.test(text)) return text
  throw new UsageError(`--log-engine ${text}: only json and json:LETTERS are known`)
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export function readOptions(argv: readonly string[]): CommandLine {
  const values = parse(argv)
  const one = (name: string): string => String(listOf(values, name).at(-1) ?? '')
  const count = (name: string): number => listOf(values, name).length
  const has = (name: string): boolean => count(name) > 0
  if (has('chroot'))
    throw new UsageError(
      '-t: a runtime cannot change its root; use a container or systemd RootDirectory=',
    )
  const debug = has('debug') ? Number(one('debug')) : has('debug-up') ? count('debug-up') : null
  const daemon = count('daemon')
  return {
    configGiven: has('file'),
    configFile: configFileOf(one('file')),
    check: has('check'),
    printConfig: has('cfg-print'),
    allowMissing: has('allow-missing'),
    strict56: has('strict-5.6'),
    emitJs: has('emit-js'),
    describe: has('describe'),
    explain: one('explain'),
    help: has('help'),
    version: has('version') || has('version-too') || has('flags'),
    foreground: daemon === 1 || daemon === 2,
    logToStderr: has('stderr'),
    logColor: has('color'),
    logEngine: logEngine(one('log-engine')),
    debug,
    defines: listOf(values, 'define').map(String),
    substitutions: (['subst', 'substdef', 'substdefs'] as const).flatMap(kind =>
      listOf(values, kind).map(value => ({ kind, text: String(value) })),
    ),
    listen: listOf(values, 'listen').map(String),
    aliases: listOf(values, 'alias').map(String),
    autoAliases: has('auto-aliases') ? ['yes', 'on'].includes(one('auto-aliases')) : null,
    loadModules: listOf(values, 'loadmodule').map(String),
    modParams: listOf(values, 'modparam').map(String),
    pidFile: one('pid-file'),
    groupIdFile: one('pgid-file'),
    rpc: listOf(values, 'rpc').map(String),
    resolvConf: resolve(one('resolv-conf') || '/etc/resolv.conf'),
    hosts: resolve(one('hosts') || '/etc/hosts'),
    runDir: has('run-dir') ? resolve(one('run-dir')) : null,
    workDir: one('work-dir'),
    user: one('uid'),
    group: one('gid'),
    chroot: one('chroot'),
    disableTcp: has('no-tcp'),
    serverId: has('server-id') ? Number(one('server-id')) : null,
    nodeName: one('node-name'),
    argv: [...argv],
  }
}

function parse(argv: readonly string[]): Values {
  const options = Object.fromEntries(
    TABLE.map(r => [
      r.long,
      {
        type: r.value === '' ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(r.short === '' ? {} : { short: r.short }),
      },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false })
      .values as Values
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. Use -h for help.`)
  }
}

function listOf(values: Values, name: string): (string | boolean)[] {
  const value = values[name]
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

export function helpText(version: string): string {
  const rows = TABLE.map(r => {
    const name = r.short === '' ? `--${r.long}` : `-${r.short}`
    const left =
      r.value === '' ? name : r.short === '' ? `${name}=${r.value}` : `${name} ${r.value}`
    return `    ${left.padEnd(22)} ${r.doc}`
  })
  return `version: ${version}\nUsage: ohana [options]\nOptions:\n${rows.join('\n')}\n`
}
