/** Help out of the rows: examples first, because that is what people look for. */
import { usage as rpcUsage } from '../rpc/schema.ts'
import { methodOf } from '../rpc/contract/index.ts'
import { type Command, type Option, usage } from './command.ts'
import { commands } from './commands/index.ts'
import { EXIT_DOC } from './exit.ts'
import { sharedOptions } from './shared-options.ts'

const INDENT = 2

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `${' '.repeat(INDENT)}${left.padEnd(width)}${right}`)
}
const optionRows = (options: readonly Option[]) =>
  options.map(({ flags, doc }) => [flags, doc] as const)

/** What is done before any row is looked at. */
const OWN: readonly (readonly [string, string])[] = [
  ['completion SHELL', 'Print the completion script for bash, zsh or fish.'],
  ['version', 'Show the version of kamctl and of each node.'],
  ['help [topic]', 'Show help for a command, an RPC method, or `exit` for the exit codes.'],
]

/** What the commands that begin with one word are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  ul: 'who is registered, and where',
  alias: 'aliases in the memory of nodes',
  rpid: 'Remote-Party-ID of subscribers',
  acl: 'groups of users: what they may do',
  alias_db: 'aliases in the database',
  address: 'addresses that may call without a password',
  trusted: 'peers that may call without a password',
  domain: 'domains that nodes serve',
  uid_domain: 'domains by id',
  dispatcher: 'destinations between which load is spread',
  dialplan: 'rules that translate numbers',
  mtree: 'values of number prefixes',
  speeddial: 'short numbers of users',
  avp: 'attributes of users and domains',
  lcr: 'least cost routing',
  cr: 'carriers and their routes',
  uacreg: 'accounts under which nodes register elsewhere',
  dialog: 'calls that are under way',
  acc: 'records of calls',
  db: 'the database itself',
  cfg: 'runtime parameters and the config',
  srv: 'what nodes are made of',
}

/** A row for each command of one word, and one for each group. */
function overviewRows(): (readonly [string, string])[] {
  const rows = new Map<string, readonly [string, string]>()
  for (const command of commands) {
    const [group = '', word] = command.name.split(' ')
    if (word === undefined) rows.set(group, [usage(command), command.doc])
    else if (!rows.has(group)) rows.set(group, [`${group} ...`, groupLine(group)])
  }
  return [...rows.values()]
}

function groupLine(group: string): string {
  const words = commands
    .map(({ name }) => name.split(' '))
    .filter(([first, word]) => first === group && word !== undefined)
    .map(([, word]) => word)
  return `${GROUPS[group] ?? ''}: ${words.join(', ')}`
}

function overview(): string {
  return [
    'kamctl asks and changes one SIP node, or all nodes of a fleet at once.',
    '',
    '  kamctl nodes                    the nodes, and which of them answer',
    '  kamctl ul show alice            where alice is registered',
    '  kamctl trace alice              the newest call of alice over all nodes',
    '  kamctl add alice@example.org pw a new subscriber, in the database',
    '',
    'Commands:',
    ...columns([...overviewRows(), ...OWN]),
    '',
    'Options of every command:',
    ...columns(optionRows(sharedOptions)),
    '',
    'Without --fleet and --socket: OHANA_NODE, KAMCTL_FLEET, a fleet file, else the local node.',
    '',
  ].join('\n')
}

function commandHelp(command: Command): string {
  const args = command.args.map(({ name, doc }) => [name, doc] as const)
  return [
    ...command.examples.slice(0, 3).map(example => `  kamctl ${example}`),
    '',
    `kamctl ${usage(command)}`,
    `  ${command.doc}`,
    ...(args.length > 0 ? ['', ...columns(args)] : []),
    ...(command.options ? ['', ...columns(optionRows(command.options))] : []),
    '',
    'Options of every command:',
    ...columns(optionRows(sharedOptions)),
    '',
  ].join('\n')
}

function groupHelp(found: readonly Command[]): string {
  return [...columns(found.map(command => [usage(command), command.doc] as const)), ''].join('\n')
}

function exitHelp(): string {
  return ['Exit codes:', ...columns(EXIT_DOC), ''].join('\n')
}

/** Help for words after `help`, or before `--help`; null when there is nothing by that name. */
export function helpFor(words: readonly string[]): string | null {
  const topic = words.join(' ')
  if (topic === '') return overview()
  if (topic === 'exit') return exitHelp()
  const command = commands.find(
    ({ name }) => name === topic || name === words.slice(0, 2).join(' '),
  )
  if (command) return commandHelp(command)
  const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
  if (group.length > 0) return groupHelp(group)
  const single = commands.find(({ name }) => name === words[0])
  if (single) return commandHelp(single)
  const method = methodOf(topic)
  return method ? `kamctl rpc ${rpcUsage(topic, method)}\n  ${method.doc}\n` : null
}
