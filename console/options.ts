/** The command line of the console. */
import { Command as Parser, CommanderError } from 'commander'
import { locate, type Located } from '../rpc/fleet/locate.ts'
import { type ViewName, viewNames } from './view.ts'
import { viewByWord } from './views.ts'

export interface Options {
  readonly command: 'console' | 'dashboard' | 'ssh-server'
  readonly located: Located
  readonly view: ViewName
  readonly plain: boolean
  readonly color: 'auto' | 'always' | 'never'
  readonly listen: string
  readonly stateDir: string | undefined
  readonly authorizedKeys: string | undefined
  /** End when standard input ends: whoever started us is gone. */
  readonly untilEof: boolean
  /** End when this process is no longer our parent; null for any. */
  readonly parent: number | null
}

/** A command line that makes no sense; the text is for the person who typed it. */
export class OptionError extends Error {
  override name = 'OptionError'
}
/** Help was asked for, and this is it. */
export class HelpWanted extends Error {
  override name = 'HelpWanted'
}

const DEFAULT_LISTEN = '127.0.0.1:2222'

interface Raw {
  fleet?: string
  nodes?: string
  socket?: string
  view: string
  plain?: boolean
  color: string
  listen: string
  stateDir?: string
  authorizedKeys?: string
  untilEof?: boolean
  parent?: string
}

/** Throws OptionError, HelpWanted or FleetError. */
export function readOptions(
  argv: readonly string[],
  env: Record<string, string | undefined>,
): Options {
  const chosen = { command: 'console' as Options['command'] }
  let help = ''
  const root = parser('console', text => void (help += text))
    .description('Screens for one SIP node or a fleet.')
    .option('--view <name>', 'view to begin with', 'nodes')
    .option('--plain', 'print the view once as text and end')
    .option('--parent <pid>', 'end when this process is no longer the parent')
    .action(() => undefined)
  const dashboard = parser('dashboard', text => void (help += text))
    .description('charts over the whole screen')
    .action(() => void (chosen.command = 'dashboard'))
  const ssh = parser('ssh-server', text => void (help += text))
    .description('let people in by ssh: console, dashboard, kamctl; public keys only')
    .option('--listen <address>', 'address and port', DEFAULT_LISTEN)
    .option('--state-dir <dir>', 'where the host key is kept (default: ~/.local/state/ohana)')
    .option('--authorized-keys <file>', 'who may come in (default: authorized_keys in that folder)')
    .option('--until-eof', 'end when standard input ends')
    .action(() => void (chosen.command = 'ssh-server'))
  root.addCommand(dashboard).addCommand(ssh)
  try {
    root.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) throw new HelpWanted(help)
    throw new OptionError(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
  }
  const { command } = chosen
  const leaf = { console: root, dashboard, 'ssh-server': ssh }[command]
  return checked(command, { ...root.opts<Raw>(), ...leaf.opts<Raw>() }, env)
}

function parser(name: string, onHelp: (text: string) => void): Parser {
  return new Parser(name)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined, writeOut: onHelp })
    .option('--fleet <file>', 'fleet file (KAMCTL_FLEET; else ~/.config/ohana, /etc/ohana)')
    .option('--nodes <names>', 'only these nodes of it, comma separated')
    .option('--socket <endpoint>', 'one node: a socket path, ws:// or http:// (OHANA_NODE)')
    .option('--color <when>', 'auto, always or never', 'auto')
}

function checked(
  command: Options['command'],
  raw: Raw,
  env: Record<string, string | undefined>,
): Options {
  const { fleet, nodes, socket, color, stateDir, authorizedKeys } = raw
  const view = viewByWord(raw.view)
  if (view === undefined || !view.isTop)
    throw new OptionError(`no view ${raw.view}; there are ${viewNames.slice(0, 7).join(', ')}`)
  if (color !== 'auto' && color !== 'always' && color !== 'never')
    throw new OptionError('--color is auto, always or never')
  return {
    command,
    located: locate({ fleet, nodes, socket }, env),
    view: view.name,
    plain: raw.plain === true,
    color,
    listen: raw.listen ?? DEFAULT_LISTEN,
    stateDir,
    authorizedKeys,
    untilEof: raw.untilEof === true,
    parent: raw.parent === undefined ? null : Number(raw.parent),
  }
}
