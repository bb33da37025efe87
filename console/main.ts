/** The process of the console: what was asked for, on which terminal, with which exit code. */
import { connect } from '../rpc/client/connect.ts'
import { styleFrom } from '../rpc/fleet/line.ts'
import { FleetError } from '../rpc/fleet/fleet-file.ts'
import { FleetModel } from './model/fleet-model.ts'
import { HelpWanted, OptionError, type Options, readOptions } from './options.ts'
import { plainView } from './plain.ts'
import { processTerminal } from './process-terminal.ts'

const USAGE = 2
const INTERNAL = 70

async function main(argv: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = readOptions(argv, process.env)
  } catch (error) {
    if (error instanceof HelpWanted) {
      process.stdout.write(error.message)
      return 0
    }
    if (!(error instanceof OptionError || error instanceof FleetError)) throw error
    process.stderr.write(`console: ${error.message}\n`)
    return USAGE
  }
  if (options.command === 'ssh-server') {
    const { runSshServer } = await import('./ssh/server.ts')
    return runSshServer(options)
  }
  return onTerminal(options)
}

async function onTerminal(options: Options): Promise<number> {
  const { located, view } = options
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY && process.env.TERM !== 'dumb'
  const isPlain = options.plain || !isTerminal
  if (isPlain && options.command === 'dashboard') {
    process.stderr.write('console: charts need a terminal; `console --plain` prints figures\n')
    return USAGE
  }
  const fleet = new FleetModel({ ...located, connect, now: Date.now })
  try {
    if (isPlain) return await printPlain(fleet, view)
    const style = styleFrom(process.env, true, options.color)
    const terminal = processTerminal(style, options.parent)
    if (options.command === 'dashboard') {
      const { showDashboard } = await import('./dashboard/dashboard.ts')
      await showDashboard(terminal, fleet)
    } else {
      const { showConsole } = await import('./show.tsx')
      await showConsole(terminal, fleet, view)
    }
    return terminal.exitCode()
  } finally {
    await fleet.close()
  }
}

async function printPlain(fleet: FleetModel, view: Options['view']): Promise<number> {
  const { lines, note, code } = await plainView(fleet, view)
  for (const line of lines) process.stdout.write(`${line}\n`)
  if (note !== '') process.stderr.write(`${note}\n`)
  return code
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`console: ${(error as Error).stack ?? String(error)}\n`)
  process.exitCode = INTERNAL
}
// A terminal that is read keeps the process alive.
if (process.stdin.isTTY) process.stdin.unref()
