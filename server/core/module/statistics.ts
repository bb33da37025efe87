/** The statistics that a module keeps. */
import type { Counter } from '../counters.ts'

export interface Stat<S> {
  readonly doc: string
  /** Present: computed when asked. Absent: a counter that the instance increments. */
  readonly read?: (self: S) => number
}
// biome-ignore lint/suspicious/noExplicitAny: a counter needs no instance
export const counter = (doc: string): Stat<any> => ({ doc })
export const gauge = <S>(doc: string, read: (self: S) => number): Stat<S> => ({ doc, read })
export type CountersOf<St> = { [K in keyof St]: Counter }
