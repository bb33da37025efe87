// A real terminal: tmux, whose screen a test reads and whose keys it presses.
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, type TestContext } from 'vitest'
import { type Child, run, start } from './child.ts'
import { PATIENCE_MS } from './patience.ts'

export class Tmux {
  private readonly name = `ohana-${randomBytes(4).toString('hex')}`
  private readonly server: Child
  private readonly expect: TestContext['expect']

  constructor(expectation: TestContext['expect']) {
    this.expect = expectation
    // In the foreground, so that it ends with the test like any other child.
    this.server = start('tmux', ['-L', this.name, '-f', '/dev/null', '-D'])
  }

  /** Runs a command line on a screen of this size; its exit code is printed when it ends. */
  async open(command: string, columns: number, rows: number): Promise<void> {
    const shown = `${command}; echo "ended with $?"; exec sleep 600`
    const size = ['-x', String(columns), '-y', String(rows)]
    await this.expect
      .poll(async () => (await this.command('new-session', '-d', ...size, shown)).code, {
        timeout: PATIENCE_MS,
      })
      .toBe(0)
  }

  async screen(): Promise<string> {
    const { output } = await this.command('capture-pane', '-p')
    return Buffer.from(output, 'latin1').toString('utf8')
  }

  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.command('send-keys', key)
      await pause(30)
    }
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.command('resize-window', '-x', String(columns), '-y', String(rows))
  }

  /** Is the alternate screen on, is the cursor shown? As tmux's own formats say it. */
  async flag(name: 'alternate_on' | 'cursor_flag'): Promise<boolean> {
    return (await this.command('display-message', '-p', `#{${name}}`)).output.trim() === '1'
  }

  /** The process that runs on the screen. */
  async pid(): Promise<number> {
    return Number((await this.command('display-message', '-p', '#{pane_pid}')).output)
  }

  async shows(pattern: string | RegExp, withinMs = PATIENCE_MS): Promise<void> {
    const matcher = typeof pattern === 'string' ? expect.stringContaining(pattern) : null
    const poll = this.expect.poll(() => this.screen(), { timeout: withinMs, interval: 100 })
    await (matcher ? poll.toEqual(matcher) : poll.toMatch(pattern))
  }

  command(...words: string[]): Promise<{ code: number; output: string }> {
    return run('tmux', ['-L', this.name, ...words])
  }

  async close(): Promise<void> {
    await this.command('kill-server')
    await this.server.stop()
  }
}

/** A terminal that is gone after the test. */
export function tmuxForTest(
  context: Pick<TestContext, 'expect' | 'onTestFinished'> = { expect, onTestFinished },
): Tmux {
  const tmux = new Tmux(context.expect)
  context.onTestFinished(() => tmux.close())
  return tmux
}
