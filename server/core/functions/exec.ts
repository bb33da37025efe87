/** exec("command"): the message waits for the shell, the node does not. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { CoreInstance } from '../core.module.ts'
import type { Verdict } from '../module.ts'

/** Commands at once; each holds a process and a message. */
const MOST_RUNNING = 64

let running = 0

/**
 * The command's exit code is only logged, and as wait(2) gives it, because Kamailio does so. Its
 * output goes where ours for the system goes.
 */
export function exec(self: CoreInstance, _msg: unknown, command: string): Promise<Verdict> {
  const { log } = self.core
  if (running >= MOST_RUNNING) {
    log.error('<core>', `exec("${command}"): ${MOST_RUNNING} commands are running already`)
    return Promise.resolve(-1)
  }
  log.debug('<core>', `exec("${command}")`)
  running++
  return new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
    const done = (status: number): void => {
      running--
      if (status !== 0) log.notice('<core>', `exec() returned ${status}`)
      resolve(1)
    }
    child.on('error', () => done(-1))
    child.on('exit', (code, signal) =>
      done(code === null ? constants.signals[signal ?? 'SIGKILL'] : code << 8),
    )
  })
}
