/** Replies that are long lists are written a part at a time, so that others have their turn. */
import type { ShapeNode } from '../schema.ts'

/** Elements that are written at once. */
const PART = 200

export const isLong = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > PART

/** null: it is short, or no list. */
export const longList = (shape: ShapeNode, value: unknown): readonly unknown[] | null =>
  shape.kind === 'list' && isLong(value) ? value : null

/** What `write` makes of the parts of a list, in order. */
export async function inTurns<T>(
  list: readonly unknown[],
  write: (part: readonly unknown[]) => T,
): Promise<T[]> {
  const written: T[] = []
  for (let at = 0; at < list.length; at += PART) {
    written.push(write(list.slice(at, at + PART)))
    await new Promise(later => setImmediate(later))
  }
  return written
}
