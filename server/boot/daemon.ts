/**
 * Going to the background as Kamailio does: the command returns once the node serves, and fails
 * when it cannot.
 */
import { spawn } from 'node:child_process'

/** Set in the environment of the background process. */
const CHILD_MARK = 'OHANA_DAEMON_CHILD'

export const isDaemonChild = (): boolean => process.env[CHILD_MARK] === '1'

/**
 * Starts the background process with the same command line and resolves with the exit code for the
 * foreground one.
 */
export function daemonize(argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...argv], {
    detached: true,
    env: { ...process.env, [CHILD_MARK]: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise(resolve => {
    child.once('message', () => {
      child.disconnect()
      child.unref()
      resolve(0)
    })
    child.once('exit', code => resolve(code ?? 255))
  })
}

/** Tells the waiting command that the node serves, and lets go of its terminal. */
export function reportReady(): void {
  if (process.send === undefined) return
  process.send('ready', () => process.disconnect?.())
}
