/**
 * Messages of one call are taken in the order in which they came, though the first of them may have
 * to wait for what is stored of the call. Other calls go on meanwhile.
 */
export class Order {
  private readonly waiting = new Map<string, Promise<void>>()
  private readonly failed: (error: unknown) => void

  constructor(failed: (error: unknown) => void) {
    this.failed = failed
  }

  /**
   * Gives what `finish` gives when nothing has to be waited for, else null, and `resume` gets it.
   * `load` gives null when all is there; what it fails with is told, and does not stop the message.
   */
  run(
    key: string,
    load: () => Promise<void> | null,
    finish: () => string,
    resume: (text: string) => void,
  ): string | null {
    const before = this.waiting.get(key)
    const loading = before === undefined ? load() : before.then(() => load() ?? undefined)
    if (loading === null) return finish()
    const turn = loading
      .catch(this.failed)
      .then(() => resume(finish()))
      .catch(this.failed)
      .then(() => {
        if (this.waiting.get(key) === turn) this.waiting.delete(key)
      })
    this.waiting.set(key, turn)
    return null
  }
}
