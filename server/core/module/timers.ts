/** What a module does from time to time. */

export interface PeriodicJob<S> {
  readonly doc: string
  /** Milliseconds between two runs; 0 or less switches it off. */
  readonly every: (self: S) => number
  readonly run: (self: S) => void
}
