/** Walks over many dialogs without holding up the loop. */
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

/** So many dialogs are looked at before others have their turn. */
const SLICE = 1000

const othersFirst = (): Promise<void> => new Promise(later => setImmediate(later))

/**
 * What `visit` makes of each, without its nulls; at most `limit` of them unless that is 0. At once
 * when `count` says that there are few.
 */
export function collect<D, T>(
  dialogs: Iterable<D>,
  count: number,
  visit: (dialog: D) => T | null,
  limit = 0,
): T[] | Promise<T[]> {
  return count <= SLICE ? few(dialogs, visit, limit) : many(dialogs, visit, limit)
}

function few<D, T>(dialogs: Iterable<D>, visit: (dialog: D) => T | null, limit: number): T[] {
  const found: T[] = []
  for (const dialog of dialogs) {
    const one = visit(dialog)
    if (one !== null && found.push(one) === limit) break
  }
  return found
}

async function many<D, T>(
  dialogs: Iterable<D>,
  visit: (dialog: D) => T | null,
  limit: number,
): Promise<T[]> {
  const found: T[] = []
  let looked = 0
  for (const dialog of dialogs) {
    const one = visit(dialog)
    if (one !== null && found.push(one) === limit) break
    if (++looked % SLICE === 0) await othersFirst()
  }
  return found
}

/** The same with all dialogs in memory, slot by slot, from one slot on. */
export function collectAll<T>(
  self: Dialogs,
  visit: (dialog: Dialog) => T | null,
  limit = 0,
  from = 0,
): T[] | Promise<T[]> {
  const { table } = self
  if (table.size <= SLICE && from === 0) return few(table.all(), visit, limit)
  return inSlots(table.each(), from).then(dialogs => many(dialogs, visit, limit))
}

async function inSlots(dialogs: Iterable<Dialog>, from: number): Promise<Iterable<Dialog>> {
  const slots: Dialog[][] = []
  let looked = 0
  for (const dialog of dialogs) {
    const slot = dialog.entry - from
    if (slot >= 0) (slots[slot] ??= []).push(dialog)
    if (++looked % SLICE === 0) await othersFirst()
  }
  return inOrder(slots)
}

function* inOrder(slots: readonly (Dialog[] | undefined)[]): Generator<Dialog> {
  for (const slot of slots) if (slot !== undefined) yield* slot
}
