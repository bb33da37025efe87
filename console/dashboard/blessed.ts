/**
 * The part of blessed and blessed-contrib that the dashboard uses, typed; neither package says
 * everything about itself.
 */
import { createRequire } from 'node:module'
import type { Readable, Writable } from 'node:stream'

export interface Widget {
  emit(event: string): void
}
export interface LineSeries {
  readonly title: string
  readonly x: readonly string[]
  readonly y: readonly number[]
  readonly style: { readonly line: string }
}
export interface LineChart extends Widget {
  setData(series: readonly LineSeries[]): void
}
export interface BarChart extends Widget {
  setData(bars: { readonly titles: readonly string[]; readonly data: readonly number[] }): void
}
export interface DataTable extends Widget {
  setData(table: { headers: readonly string[]; data: readonly (readonly string[])[] }): void
}
export interface LogBox extends Widget {
  log(line: string): void
}
export interface Screen {
  readonly program: { tput: { brokenACS: boolean } }
  readonly children: readonly Widget[]
  render(): void
  remove(child: Widget): void
  destroy(): void
  key(keys: readonly string[], listener: () => void): void
  on(event: 'resize', listener: () => void): void
}
interface Grid {
  set<T extends Widget>(
    row: number,
    column: number,
    rows: number,
    columns: number,
    kind: WidgetKind<T>,
    options: object,
  ): T
}
export type WidgetKind<T> = { readonly kind?: T }

interface Blessed {
  screen(options: object): Screen
}
export interface Contrib {
  readonly line: WidgetKind<LineChart>
  readonly bar: WidgetKind<BarChart>
  readonly table: WidgetKind<DataTable>
  readonly log: WidgetKind<LogBox>
  readonly grid: new (options: { rows: number; cols: number; screen: Screen }) => Grid
}

/** Loads both when charts are shown for the first time: they cost a tenth of a second. */
export function loadBlessed(): { blessed: Blessed; contrib: Contrib } {
  const require = createRequire(import.meta.url)
  // In an environment of tmux blessed runs `tmux -V` and changes what it writes.
  const { TMUX } = process.env
  delete process.env.TMUX
  try {
    return {
      blessed: require('blessed') as Blessed,
      contrib: require('blessed-contrib') as Contrib,
    }
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX
  }
}

/**
 * A screen on this terminal; everything in it that depends on the environment of the process is
 * said here.
 */
export function openScreen(
  blessed: Blessed,
  input: Readable,
  output: Writable,
  title: string,
): Screen {
  const screen = blessed.screen({
    input,
    output,
    // The one that blessed knows well; the terminal's own name makes it fall back to eight colours
    // or worse.
    terminal: 'xterm-256color',
    smartCSR: true,
    fullUnicode: true,
    forceUnicode: true,
    warnings: false,
    resizeTimeout: 50,
    title,
  })
  // Lines as Unicode characters, not by switching character sets.
  screen.program.tput.brokenACS = true
  return screen
}
