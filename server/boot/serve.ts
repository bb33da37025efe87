/** Runs a node until it is told to stop: config check, daemon, pid file, log, signals. */
import type { Core } from '../core/core.ts'
import { ParamError } from '../core/host.ts'
import { L_BUG } from '../core/log.ts'
import { BadValue } from '../core/module/index.ts'
import { socketText } from './listeners.ts'
import { forbidCoreFiles, raiseOpenFiles } from '../net/kernel.ts'
import { protoName } from '../sip/transport.ts'
import { complain, complainOf } from './complain.ts'
import { daemonize, isDaemonChild, reportReady } from './daemon.ts'
import { logSink } from './logging.ts'
import { check, type Checked, ConfigError } from './check.ts'
import { Node } from './node.ts'
import type { CommandLine } from './options.ts'
import { removePidFile, writePidFile } from './pid-file.ts'
import { dropPrivileges } from './privileges.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { compileEarly } from './hot-code.ts'
import { rehearse } from './rehearsal.ts'
import { onStopSignal } from './signals.ts'

const FAILED = 255

/**
 * Resolves with the exit code when the node has stopped (or, in the foreground command of a daemon,
 * once it serves).
 */
export async function serve(line: CommandLine): Promise<number> {
  const checked = await checkOrComplain(line)
  if (checked === null) return FAILED
  if (line.check) {
    complain('config file ok, exiting...')
    return 0
  }
  const own = processSettings(line, checked.compiled)
  if (!own.foreground && !isDaemonChild()) return daemonize(line.argv)
  return new Promise(resolve => void run(line, checked, own, resolve))
}

async function checkOrComplain(line: CommandLine): Promise<Checked | null> {
  try {
    const checked = await check(line)
    complainOf(checked.compiled.diagnostics)
    return checked
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    complainOf(error.diagnostics)
    complain(`ERROR: ${error.message}`)
    return null
  }
}

async function run(
  line: CommandLine,
  checked: Checked,
  own: ProcessSettings,
  resolve: (code: number) => void,
): Promise<void> {
  let node: Node | null = null
  let stopping = false
  const stop = (reason: string): void => {
    if (stopping) return
    stopping = true
    node?.core.log.notice('<core>', `stopping: ${reason}`)
    const done = (): void => {
      if (line.pidFile !== '') removePidFile(line.pidFile)
      resolve(0)
      // Handles of modules that forgot one must not keep a stopped node alive.
      process.exit(0)
    }
    if (own.exitTimeout > 0)
      setTimeout(() => {
        node?.core.log.error('<core>', 'shutdown timeout triggered, dying...')
        done()
      }, own.exitTimeout * 1000)
    void (node?.stop() ?? Promise.resolve()).then(done, done)
  }
  try {
    if (own.workDir !== '') process.chdir(own.workDir)
    if (line.pidFile !== '') writePidFile(line.pidFile)
    if (own.noCoreFile) forbidCoreFiles()
    const raised = own.openFiles <= 0 || raiseOpenFiles(own.openFiles)
    node = await Node.start(line, checked, (log, core) => void log.addSink(logSink(core)), stop)
    if (!raised)
      node.core.log.warn('<core>', `cannot increase the open file limit to ${own.openFiles}`)
    node.core.spools.giveTo(own.user, own.group)
    dropPrivileges(own.user, own.group)
  } catch (error) {
    complain(startFailure(error as Error))
    if (line.pidFile !== '') removePidFile(line.pidFile)
    process.exit(FAILED)
  }
  onStopSignal(stop)
  if (own.foreground) complain(banner(node.core))
  reportReady()
  compileEarly()
  const { log } = node.core
  rehearse(checked.surfaces).catch(error =>
    log.write(L_BUG, '<core>', `in the rehearsal: ${log.emitted.stack(error)}`),
  )
}

function startFailure(error: Error): string {
  if (error instanceof ParamError) {
    const hint = error.hint === '' ? '' : `\n  hint: ${error.hint}`
    return `${error.at}: error: ${error.message}${hint}`
  }
  const advice = startAdvice(error)
  return `ERROR: ${error.message}${advice === '' ? '' : `\n  hint: ${advice}`}`
}

function startAdvice(error: Error): string {
  if (error instanceof BadValue) return error.hint
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return 'somebody listens there already, perhaps a node that runs'
  if (code === 'EADDRNOTAVAIL') return 'no interface of this machine has that address'
  return ''
}

/** What Kamailio prints when it starts: sockets and names. */
function banner(core: Core): string {
  const sockets = core.sockets.list.map(s => `             ${socketText(protoName(s.proto), s)}`)
  const aliases = core.sockets.aliases.map(
    a => `             ${a.proto === 0 ? '*' : protoName(a.proto)}: ${a.host}:${a.port}`,
  )
  return `Listening on \n${sockets.join('\n')}\nAliases: \n${aliases.join('\n')}\n`
}
