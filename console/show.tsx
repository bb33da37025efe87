/** Shows the console on a terminal until the person leaves or the terminal goes away. */
import { render } from 'ink'
import { App } from './app.tsx'
import { showDashboard } from './dashboard/dashboard.ts'
import type { FleetModel } from './model/fleet-model.ts'
import type { Terminal } from './terminal.ts'
import type { ViewName } from './view.ts'

/** More frames than this nobody sees, and a slow line chokes on them. */
const FRAMES_PER_SECOND = 12

export async function showConsole(
  terminal: Terminal,
  fleet: FleetModel,
  start: ViewName,
): Promise<void> {
  const { input, output, style, gone } = terminal
  const dashboard = (): Promise<void> => showDashboard(terminal, fleet)
  // OSC 52: the terminal keeps it, also at the far end of an ssh connection.
  const copy = (text: string): void =>
    void output.write(`\x1b]52;c;${Buffer.from(text, 'latin1').toString('base64')}\x07`)
  const app = <App {...{ fleet, start, style, copy, dashboard }} />
  const instance = render(app, {
    stdin: input,
    stdout: output,
    stderr: output,
    interactive: true,
    alternateScreen: true,
    // The console of the process is not ours alone: an ssh server has several sessions.
    patchConsole: false,
    exitOnCtrlC: false,
    maxFps: FRAMES_PER_SECOND,
    incrementalRendering: true,
  })
  const end = (): void => instance.unmount()
  gone.addEventListener('abort', end)
  if (gone.aborted) end()
  try {
    await instance.waitUntilExit()
  } finally {
    gone.removeEventListener('abort', end)
    instance.cleanup()
  }
}
