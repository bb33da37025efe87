/** One command line from its words to its exit code. */
import { type Connect, Fleet } from '../rpc/fleet/fleet.ts'
import { FleetError } from '../rpc/fleet/fleet-file.ts'
import { type Located, locate } from '../rpc/fleet/locate.ts'
import type { Style } from '../rpc/fleet/line.ts'
import { visible } from '../rpc/fleet/visible.ts'
import type { Args, Command } from './command.ts'
import { commands } from './commands/index.ts'
import { completionScript } from './completion.ts'
import { complete } from './complete.ts'
import { DatabaseError } from './database/agent.ts'
import { EXIT, UsageError, exitOfDatabase } from './exit.ts'
import { GROUPS, helpFor } from './help.ts'
import type { Io } from './io.ts'
import { FORMATS, type Format, type OutputOptions, printReport } from './output.ts'
import { parse } from './parse.ts'
import { ownVersion } from './version.ts'

/** Runs one command line; everything it does to the world goes through `io` and `connect`. */
export async function runKamctl(
  io: Io,
  argv: readonly string[],
  connect: Connect,
): Promise<number> {
  try {
    return await run(io, argv, connect)
  } catch (error) {
    if (error instanceof UsageError || error instanceof FleetError) {
      io.err(`kamctl: ${visible(error.message)}\n`)
      return EXIT.usage
    }
    if (error instanceof DatabaseError) {
      io.err(`kamctl: ${visible(error.message)}\n`)
      return exitOfDatabase(error)
    }
    throw error
  }
}

async function run(io: Io, argv: readonly string[], connect: Connect): Promise<number> {
  const [first, ...words] = argv
  if (first === '__complete') return complete(io, words, connect)
  if (first === 'completion') return printOr(io, completionScript(words[0]), 'bash, zsh or fish?')
  if (first === undefined || first === 'help' || wantsHelp(argv)) return help(io, argv)
  // The version of kamctl goes before the versions of the nodes.
  const isVersion = first === 'version' || first === '--version' || first === '-V'
  if (isVersion) io.err(`kamctl ${ownVersion()}\n`)
  const { command, args } = parse(commands, isVersion ? ['srv', 'version', ...words] : named(argv))
  return runCommand(io, command, args, connect)
}

/** Other names of groups of commands, and of commands, that Kamailio's kamctl knows. */
const SYNONYMS: Readonly<Record<string, string>> = {
  usrloc: 'ul',
  aliasdb: 'alias_db',
  speed_dial: 'speeddial',
  'db query': 'exec',
  'db roquery': 'roexec',
  'dialog list': 'show',
  'dispatcher addgw': 'add',
  'dispatcher rmgw': 'rm',
}

function named([word = '', ...words]: readonly string[]): string[] {
  const first = SYNONYMS[word] ?? word
  const [second = ''] = words
  const known = SYNONYMS[`${first} ${second}`]
  return known === undefined ? [first, ...words] : [first, known, ...words.slice(1)]
}

/** `kamctl alias_db help`, as the original has it, beside `kamctl help alias_db`. */
const wantsHelp = (argv: readonly string[]): boolean =>
  argv.includes('--help') ||
  argv.includes('-h') ||
  (argv.length === 2 && argv[1] === 'help' && argv[0] !== undefined && argv[0] in GROUPS)

function help(io: Io, argv: readonly string[]): number {
  const words = named(argv.filter(word => word !== 'help' && !word.startsWith('-')))
  return printOr(
    io,
    helpFor(words),
    `no help for ${words.join(' ')}; \`kamctl help\` shows what there is`,
  )
}

function printOr(io: Io, text: string | null, complaint: string): number {
  if (text === null) throw new UsageError(complaint)
  io.out(text)
  return EXIT.ok
}

async function runCommand(io: Io, command: Command, args: Args, connect: Connect): Promise<number> {
  const options = (name: string): string | undefined => args.option(name)
  const located = locate(
    { socket: options('socket'), fleet: options('fleet'), nodes: options('nodes') },
    io.env,
  )
  const output = outputOptions(args, located)
  const shown = { ...io, style: styleFor(io, args) }
  const fleet = new Fleet(located.name, located.nodes, connect, timeoutOf(args))
  try {
    const result = await command.run(shown, fleet, args)
    return typeof result === 'number' ? result : printReport(shown, result, output)
  } finally {
    await fleet.close()
  }
}

function timeoutOf(args: Args): number {
  const text = args.option('timeout')
  if (text === undefined) return 2000
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? []
  const ms = Number(number) * (unit === 'ms' ? 1 : 1000)
  if (!(ms > 0)) throw new UsageError(`--timeout takes seconds, or a number with ms: ${text}`)
  return ms
}

function outputOptions(args: Args, located: Located): OutputOptions {
  return {
    format: formatOf(args),
    unasked: args.option('output') === undefined && !args.flag('json') && !args.flag('quiet'),
    columns: args.option('columns')?.split(',') ?? null,
    sortBy: args.option('sortBy') ?? '',
    headers: args.flag('headers'),
    tagged: located.size > 1,
  }
}

function formatOf(args: Args): Format {
  if (args.flag('json')) return 'json'
  if (args.flag('quiet')) return 'name'
  const text = args.option('output') ?? 'table'
  const found = FORMATS.find(format => format === text)
  if (found) return found
  throw new UsageError(`no output format ${text}; there are ${FORMATS.join(', ')}`)
}

function styleFor(io: Io, args: Args): Style {
  const color = args.option('color') ?? 'auto'
  if (!['auto', 'always', 'never'].includes(color))
    throw new UsageError('--color is auto, always or never')
  const style = color === 'auto' ? io.style : { ...io.style, colour: color === 'always' }
  return args.flag('ascii') ? { ...style, ascii: true } : style
}
