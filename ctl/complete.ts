/**
 * What could come next on a command line. Words come from the rows, values from the nodes within a
 * short time.
 */
import { contract } from '../rpc/contract/index.ts'
import { type Connect, Fleet } from '../rpc/fleet/fleet.ts'
import { FleetError } from '../rpc/fleet/fleet-file.ts'
import { locate } from '../rpc/fleet/locate.ts'
import { visible } from '../rpc/fleet/visible.ts'
import type { Command, Completion, Option } from './command.ts'
import { commands } from './commands/index.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'
import { FORMATS } from './output.ts'
import { sharedOptions } from './shared-options.ts'

/** Somebody is waiting with a finger on the Tab key. */
const PATIENCE_MS = 300
const MOST = 200

type Candidate = readonly [word: string, doc: string]

/**
 * Prints one candidate a line: the word, a tab, what it is. The last word is the one being typed.
 */
export async function complete(
  io: Io,
  words: readonly string[],
  connect: Connect,
): Promise<number> {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const found = await candidates(io, before, typed, connect)
  const fitting = found.filter(([word]) => word.startsWith(typed)).slice(0, MOST)
  for (const [word, doc] of fitting) io.out(`${visible(word)}\t${visible(doc)}\n`)
  return EXIT.ok
}

async function candidates(
  io: Io,
  before: readonly string[],
  typed: string,
  connect: Connect,
): Promise<readonly Candidate[]> {
  const bare = withoutOptions(before)
  const command = commandFor(bare)
  const options = [...(command?.options ?? []), ...sharedOptions]
  const open = options.find(
    option => takesValue(option) && names(option).includes(before.at(-1) ?? ''),
  )
  const ask = new Values(io, before, connect)
  if (open) return optionValues(open, ask)
  if (typed.startsWith('-'))
    return options.flatMap(({ flags, doc }) =>
      names({ flags, doc }).map(name => [name, doc] as const),
    )
  if (command === undefined) return commandWords(bare)
  const given = bare.length - command.name.split(' ').length
  const argument = command.args[given] ?? command.args.find(({ kind }) => kind === 'rest')
  return argument?.complete === undefined ? [] : ask.of(argument.complete)
}

const names = ({ flags }: Option): string[] => flags.match(/--?[\w-]+/g) ?? []
const takesValue = ({ flags }: Option): boolean => flags.includes('<')

/** The words that are commands or arguments; an option takes its value with it. */
function withoutOptions(words: readonly string[]): string[] {
  const all = [...sharedOptions, ...commands.flatMap(({ options = [] }) => options)]
  const valued = all.filter(takesValue).flatMap(names)
  return words.filter(
    (word, index) => !word.startsWith('-') && !valued.includes(words[index - 1] ?? ''),
  )
}

function commandFor(bare: readonly string[]): Command | undefined {
  const two = bare.slice(0, 2).join(' ')
  return commands.find(({ name }) => name === two || name === bare[0])
}

function commandWords(bare: readonly string[]): Candidate[] {
  const depth = bare.length
  const fitting = commands.filter(({ name }) =>
    bare.every((word, index) => name.split(' ')[index] === word),
  )
  const found = new Map<string, string>()
  for (const { name, doc } of fitting) {
    const word = name.split(' ')[depth]
    if (word !== undefined && !found.has(word)) found.set(word, doc)
  }
  const own: Candidate[] = [
    ['completion', 'Print a completion script.'],
    ['help', 'Show help.'],
    ['version', 'Show versions.'],
  ]
  return [...found, ...(depth === 0 ? own : [])]
}

function optionValues(option: Option, ask: Values): Promise<readonly Candidate[]> | Candidate[] {
  const [name = ''] = names(option).filter(flag => flag.startsWith('--'))
  if (name === '--nodes') return ask.nodeNames()
  if (name === '--output') return FORMATS.map(format => [format, ''] as const)
  if (name === '--color') return ['auto', 'always', 'never'].map(word => [word, ''] as const)
  if (name === '--clock') return ['delta', 'offset', 'wall'].map(word => [word, ''] as const)
  return []
}

/** Values that only the nodes know. */
class Values {
  private readonly io: Io
  private readonly words: readonly string[]
  private readonly connect: Connect

  constructor(io: Io, words: readonly string[], connect: Connect) {
    this.io = io
    this.words = words
    this.connect = connect
  }

  async of(completion: Completion): Promise<readonly Candidate[]> {
    if (typeof completion !== 'string') return completion.map(word => [word, ''] as const)
    if (completion === 'method')
      return Object.entries(contract).map(([name, { doc }]) => [name, doc])
    if (completion === 'aor') return this.fromNodes(fleet => this.aors(fleet))
    if (completion === 'command') return []
    return this.fromNodes(fleet => this.parameters(fleet, completion))
  }

  nodeNames(): Candidate[] {
    const located = this.located()
    return located === null ? [] : located.nodes.map(({ name, endpoint }) => [name, endpoint])
  }

  private located() {
    const after = (flag: string): string | undefined => {
      const at = this.words.indexOf(flag)
      return at < 0 ? undefined : this.words[at + 1]
    }
    try {
      return locate({ socket: after('--socket'), fleet: after('--fleet') }, this.io.env)
    } catch (error) {
      // A broken fleet file is told when the command runs.
      if (error instanceof FleetError) return null
      throw error
    }
  }

  private async fromNodes(work: (fleet: Fleet) => Promise<string[]>): Promise<Candidate[]> {
    const located = this.located()
    if (located === null) return []
    const fleet = new Fleet(located.name, located.nodes, this.connect, PATIENCE_MS)
    try {
      return [...new Set(await work(fleet))].map(word => [word, ''] as const)
    } finally {
      await fleet.close()
    }
  }

  private async aors(fleet: Fleet): Promise<string[]> {
    const answers = await fleet.ask('ul.dump', 'brief')
    return answers.flatMap(answer =>
      answer.ok
        ? answer.value.Domains.flatMap(({ Domain }) =>
            Domain.AoRs.map(row => ('AoR' in row ? row.AoR : row.Info.AoR)),
          )
        : [],
    )
  }

  private async parameters(fleet: Fleet, kind: 'variable' | 'group'): Promise<string[]> {
    const answers = await fleet.ask('ohana.parameters')
    return answers.flatMap(answer =>
      answer.ok
        ? answer.value.map(({ group, name }) => (kind === 'group' ? group : `${group}.${name}`))
        : [],
    )
  }
}
