/** exec("command"): the message waits for the shell, the node does not. */
import type { CoreInstance } from '../core.module.ts'
import type { Verdict } from '../module/index.ts'
import { runShell, TOO_MANY } from '../shell.ts'

/**
 * The command's exit code is only logged, and as wait(2) gives it, because Kamailio does so. Its
 * output goes nowhere.
 */
export async function exec(self: CoreInstance, _msg: unknown, command: string): Promise<Verdict> {
  const { log } = self.core
  log.debug('<core>', `exec("${command}")`)
  const result = await runShell(command)
  if (result === null) {
    log.error('<core>', `exec("${command}"): ${TOO_MANY}`)
    return -1
  }
  if (result.status !== 0) log.notice('<core>', `exec() returned ${result.status}`)
  return 1
}
