/** The instance of exec: runs commands with what they are to know of the message. */
import type { ModuleEnv } from '../../core/module/index.ts'
import { runShell, type ShellOptions, TOO_MANY } from '../../core/shell.ts'
import type { SipMessage } from '../../sip/message.ts'
import { environmentOf } from './environment.ts'
import type { params } from './exec.module.ts'

type Env = ModuleEnv<typeof params, {}>

export class Exec {
  readonly core: Env['core']
  private readonly config: Env['config']

  constructor(env: Env) {
    this.core = env.core
    this.config = env.config
  }

  /** Its output; null when it failed, which the log tells. */
  async run(command: string, about: SipMessage | null, options: ShellOptions): Promise<Ended> {
    const { setvars, bash_safety, time_to_kill } = this.config
    const known = about !== null && setvars !== 0
    const environment = known ? environmentOf(about, bash_safety !== 0) : {}
    const most = time_to_kill * 1000
    const result = await runShell(command, { ...options, environment, most })
    if (result === null) this.error(`"${command}" was not run: ${TOO_MANY}`)
    else if (result.status !== 0)
      this.error(`cmd ${command} failed. exit_status=${result.status >> 8}, errno=0: Success`)
    return { good: result?.status === 0, output: result?.output ?? '' }
  }

  private error(text: string): void {
    this.core.log.error('exec', text)
  }
}

/** How a command ended, and the lines that it wrote, were it to fail after that. */
export interface Ended {
  readonly good: boolean
  readonly output: string
}
