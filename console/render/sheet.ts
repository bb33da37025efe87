/** What a view hands to the screen: lines that stay, and rows that are chosen from and scrolled. */
import type { Line } from '../../rpc/fleet/line.ts'

export interface SheetRow {
  /** Stays the same while the row is on the screen and changes. */
  readonly key: string
  readonly line: Line
}

export interface Sheet {
  /** Above the rows, not scrolled. */
  readonly head: readonly Line[]
  readonly rows: readonly SheetRow[]
  /** Rows before filtering. */
  readonly total: number
  /** Under the rows, as far as there is room. */
  readonly foot?: readonly Line[]
  /** The thing itself, where the rows are only a way to show it: what is copied. */
  readonly whole?: string
  /** What is wrong with the filter, or why there is nothing to see; '' when all is well. */
  readonly note: string
}

/** What the user has chosen about a view; each open view has its own. */
export interface ViewState {
  readonly filter: string
  /** Title of the column by which rows are sorted; '' is the view's own order. */
  readonly sort: string
  readonly descending: boolean
  readonly wide: boolean
  readonly clock: 'delta' | 'offset' | 'wall'
  readonly brief: boolean
  readonly unfold: boolean
  /** Columns or lanes scrolled away to the left. */
  readonly scroll: number
}

export const initialState: ViewState = {
  filter: '',
  sort: '',
  descending: false,
  wide: false,
  clock: 'delta',
  brief: false,
  unfold: false,
  scroll: 0,
}
