/** An open view: what it shows, where the cursor is, how far it is scrolled. */
import type { FleetModel } from './model/fleet-model.ts'
import { type Sheet, type ViewState, initialState } from './render/sheet.ts'
import type { View, ViewContext } from './view.ts'

export class Page {
  readonly view: View
  readonly subject: string
  state: ViewState = initialState
  /** The row of the cursor, kept by its key: rows come and go around it. */
  private key: string | null = null
  private index = 0
  /** The first row on the screen. */
  private top = 0
  /** Stays at the end as rows come. */
  private atEnd: boolean
  /** What is shown while the screen is held still. */
  private frozen: Sheet | null = null

  constructor(view: View, subject = '') {
    this.view = view
    this.subject = subject
    this.atEnd = view.follows === true
  }

  context(fleet: FleetModel, scope: string | null, width: number): ViewContext {
    const { subject, state } = this
    return { fleet, nodes: fleet.within(scope), subject, state, width }
  }

  sheet(context: ViewContext): Sheet {
    return this.frozen ?? this.view.sheet(context)
  }

  get isPaused(): boolean {
    return this.frozen !== null
  }

  pause(sheet: Sheet | null): void {
    this.frozen = sheet
  }

  /** A choice about the view; what was frozen would not show it. */
  choose(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change }
    this.frozen = null
  }

  /** Where the cursor is in these rows, after rows came and went. */
  cursorIn(sheet: Sheet): number {
    const { rows } = sheet
    if (rows.length === 0) return -1
    if (this.atEnd) return rows.length - 1
    // Most rows stay where they were: look there before looking everywhere.
    if (rows[this.index]?.key === this.key) return this.index
    const found = this.key === null ? -1 : rows.findIndex(({ key }) => key === this.key)
    return found >= 0 ? found : Math.min(this.index, rows.length - 1)
  }

  keyIn(sheet: Sheet): string | null {
    return sheet.rows[this.cursorIn(sheet)]?.key ?? null
  }

  moveTo(sheet: Sheet, index: number): void {
    const last = sheet.rows.length - 1
    this.index = Math.max(0, Math.min(index, last))
    this.key = sheet.rows[this.index]?.key ?? null
    this.atEnd = this.view.follows === true && this.index === last
  }

  move(sheet: Sheet, by: number): void {
    this.moveTo(sheet, this.cursorIn(sheet) + by)
  }

  /**
   * First row to show, so that the cursor is on the screen and the page moves as little as it can.
   */
  topFor(sheet: Sheet, height: number): number {
    const cursor = Math.max(0, this.cursorIn(sheet))
    const furthest = Math.max(0, sheet.rows.length - height)
    const needed = Math.max(Math.min(this.top, cursor), cursor - height + 1)
    this.top = Math.max(0, Math.min(needed, furthest))
    return this.top
  }
}
