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
  const { input, output, colour, gone } = terminal
  const dashboard = (): Promise<void> => showDashboard(terminal, fleet)
  const app = <App fleet={fleet} start={start} colour={colour} dashboard={dashboard} />
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
