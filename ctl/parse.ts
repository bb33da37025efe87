/**
 * From a command line to a row and its values. The rows say what there is; commander takes the
 * words apart.
 */
import { Command as Parser, CommanderError } from 'commander'
import { Args, type Argument, type Command, type Option, usage } from './command.ts'
import { UsageError } from './exit.ts'
import { sharedOptions } from './shared-options.ts'

export interface Parsed {
  readonly command: Command
  readonly args: Args
}

/** Throws UsageError, with a hint where a word is nearly right. */
export function parse(rows: readonly Command[], argv: readonly string[]): Parsed {
  let parsed: Parsed | null = null
  const root = parser('kamctl')
  const groups = new Map<string, Parser>()
  for (const row of rows) {
    const [first = '', second] = row.name.split(' ')
    const parent = second === undefined ? root : groupOf(groups, root, first)
    const leaf = parser(second ?? first, row.options)
    for (const argument of row.args) leaf.argument(argumentText(argument), argument.doc)
    for (const { flags, doc } of row.options ?? []) leaf.option(flags, doc)
    leaf.action((...given: unknown[]) => {
      parsed = { command: row, args: argsOf(row, given, leaf.optsWithGlobals()) }
    })
    parent.addCommand(leaf)
  }
  try {
    root.parse(longOptions(rows, argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const complaint = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    throw new UsageError(complaint + howTo(rows, argv, error.code))
  }
  if (parsed === null) throw new UsageError(`which command? \`kamctl help\` shows them`)
  return parsed
}

/** How to write a command that has too few words, or too many. */
function howTo(rows: readonly Command[], argv: readonly string[], code: string): string {
  const counted = code === 'commander.missingArgument' || code === 'commander.excessArguments'
  const row = counted ? rowOf(rows, argv) : undefined
  return row === undefined ? '' : `; usage: kamctl ${usage(row)}`
}

const rowOf = (rows: readonly Command[], argv: readonly string[]): Command | undefined =>
  rows.find(({ name }) => name === `${argv[0]} ${argv[1]}` || name === argv[0])

/** A parser that prints nothing and never ends the process. */
function parser(name: string, own: readonly Option[] = []): Parser {
  const made = new Parser(name)
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  for (const { flags, doc } of sharedOptions) made.option(besides(flags, own), doc)
  return made
}

/**
 * The root takes shared options wherever they stand: a letter that the command has taken is written
 * out before it does.
 */
function longOptions(rows: readonly Command[], argv: readonly string[]): readonly string[] {
  const row = rowOf(rows, argv)
  const taken = new Map<string, string>()
  for (const { flags } of row?.options ?? []) {
    const [letter = '', long = ''] = flags.split(/, | </)
    if (sharedOptions.some(option => option.flags.startsWith(`${letter},`))) taken.set(letter, long)
  }
  return taken.size === 0 ? argv : argv.map(word => taken.get(word) ?? word)
}

/** A letter that the command itself gives another meaning is not the shared option's there. */
function besides(flags: string, own: readonly Option[]): string {
  const [letter = '', long] = flags.split(', ')
  const taken = long !== undefined && own.some(option => option.flags.startsWith(letter))
  return taken ? long : flags
}

function groupOf(groups: Map<string, Parser>, root: Parser, name: string): Parser {
  const known = groups.get(name)
  if (known) return known
  const made = parser(name)
  // A word that is no command of the group would be shown as a lack of one.
  made.action(() => {
    const [word] = made.args
    const names = made.commands.map(command => command.name()).join(', ')
    const what = word === undefined ? 'which one' : `${name} has no command ${word}`
    throw new UsageError(`${what}? there are ${names}`)
  })
  made.allowExcessArguments()
  groups.set(name, made)
  root.addCommand(made)
  return made
}

function argumentText({ name, kind }: Argument): string {
  if (kind === 'required') return `<${name}>`
  return kind === 'optional' ? `[${name}]` : `[${name}...]`
}

/** An action gets the arguments in order, then its options and itself, of which we need neither. */
function argsOf(row: Command, given: unknown[], options: Record<string, unknown>): Args {
  const words = row.args.map(({ name, kind }, index) => {
    const value = given[index]
    const nothing = value === undefined || (kind === 'rest' && (value as string[]).length === 0)
    return [name, nothing ? undefined : (value as string | string[])] as const
  })
  return new Args(row.name, Object.fromEntries(words), options)
}
