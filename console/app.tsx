/** The console in Ink: keys go into the session, its lines go onto the screen. */
import { useApp, useInput, useWindowSize } from 'ink'
import { useEffect, useMemo, useState } from 'react'
import { type Style, toAnsi } from '../rpc/fleet/line.ts'
import { draw } from './draw.ts'
import type { FleetModel } from './model/fleet-model.ts'
import { Session } from './session.ts'
import { keyName } from './ui/key-name.ts'
import { Screen } from './ui/screen.tsx'
import type { ViewName } from './view.ts'

export interface AppProps {
  readonly fleet: FleetModel
  readonly start: ViewName
  readonly style: Style
  /** Puts a text into the clipboard of whoever looks. */
  readonly copy: (text: string) => void
  /** Charts over the whole screen, until they are left. */
  readonly dashboard: () => Promise<void>
}

export function App({ fleet, start, style, copy, dashboard }: AppProps) {
  const { exit, suspendTerminal } = useApp()
  const { columns, rows } = useWindowSize()
  const [, redraw] = useState(0)
  const session = useMemo(() => {
    const again = (): void => redraw(frame => frame + 1)
    const showDashboard = (): void => {
      suspendTerminal(dashboard).then(again, (error: unknown) => exit(error))
    }
    // Ink draws everything anew when it gets a terminal back.
    const drawAnew = (): void => {
      suspendTerminal(() => undefined).then(again, (error: unknown) => exit(error))
    }
    return new Session({
      fleet,
      start,
      onQuit: () => exit(),
      onDashboard: showDashboard,
      onChange: again,
      onRedraw: drawAnew,
      onCopy: copy,
    })
  }, [fleet, start, dashboard, copy, exit, suspendTerminal])
  useEffect(() => () => session.close(), [session])
  useEffect(() => fleet.onChange(() => redraw(frame => frame + 1)), [fleet])
  useInput((input, key) => {
    const name = keyName(input, key)
    // Keys that came in one piece, typed fast or over a slow line, are keys all the same.
    if (name.startsWith('paste:') && session.prompt === null)
      for (const char of input) session.press(char)
    else if (name !== '') session.press(name)
  })
  return <Screen lines={draw(session, columns, rows).map(line => toAnsi(line, style))} />
}
