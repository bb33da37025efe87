/**
 * The one place that everything passes when it leaves the node. What must be written before
 * (records of accounting) is written here: once for all datagrams of a loop turn, once for all that
 * goes into streams.
 */
export class Gate {
  /** Null while nothing has to be done; false of it: what is about to leave is withheld. */
  check: (() => boolean) | null = null

  isOpen(): boolean {
    return this.check === null || this.check()
  }
}
