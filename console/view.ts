/** What a view is. The table of all of them is views.ts. */
import type { Client } from '../rpc/client/client.ts'
import type { Feed } from './model/feed.ts'
import type { FleetModel } from './model/fleet-model.ts'
import type { NodeModel } from './model/node-model.ts'
import type { Sheet, ViewState } from './render/sheet.ts'

export const viewNames = [
  'nodes',
  'registrations',
  'transactions',
  'statistics',
  'parameters',
  'log',
  'trace',
  'node',
  'contact',
  'transaction',
  'parameter',
  'line',
  'call',
  'message',
  'help',
] as const
export type ViewName = (typeof viewNames)[number]

export interface ViewContext {
  readonly fleet: FleetModel
  /** The nodes that are looked at: all, or the one chosen. */
  readonly nodes: readonly NodeModel[]
  /** What the view was opened for: a Call-ID, the key of a row; '' for the views at the top. */
  readonly subject: string
  readonly state: ViewState
  readonly width: number
}

/** What Enter opens. */
export interface Target {
  readonly view: ViewName
  readonly subject: string
}

export interface Edit {
  readonly group: string
  readonly name: string
  readonly value: string
  readonly isNumber: boolean
  /** Range, default, what it is for. */
  readonly about: string
}

export interface Removal {
  readonly what: string
  readonly node: string
  run(client: Client): Promise<void>
}

export interface View {
  readonly name: ViewName
  readonly title: string
  /** The title where there is little room: a tab on a narrow screen. */
  readonly short?: string
  readonly doc: string
  /** Other words for it after `:`. */
  readonly aliases: readonly string[]
  /** Shown at the top with a number; the others are opened from a row. */
  readonly isTop: boolean
  readonly feeds: readonly Feed[]
  /** New rows come at the end and are followed. */
  readonly follows?: boolean
  sheet(context: ViewContext): Sheet
  /** Titles that `<` and `>` go through. */
  columns?(context: ViewContext): readonly string[]
  /** What Enter on a row opens; null when there is nothing more to see. */
  open?(context: ViewContext, key: string): Target | null
  edit?(context: ViewContext, key: string): Edit | string
  remove?(context: ViewContext, key: string): Removal | null
}

/** Nothing but a sentence. */
export const emptySheet = (note: string): Sheet => ({ head: [], rows: [], total: 0, note })
