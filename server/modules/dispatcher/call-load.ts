/** Which call is at which destination, for algorithm 10. */
interface Cell {
  readonly set: number
  readonly duid: string
  /** Milliseconds since 1970, 0 for never. */
  readonly expires: number
  /** When it is over unless it was answered. */
  readonly unansweredUntil: number
  answered: boolean
}

export class CallLoad {
  private readonly cells = new Map<string, Cell>()
  private readonly lifetime: number
  private readonly unansweredLifetime: number

  /** In milliseconds; 0 is no limit. */
  constructor(lifetime: number, unansweredLifetime: number) {
    this.lifetime = lifetime
    this.unansweredLifetime = unansweredLifetime
  }

  get(callId: string): Cell | null {
    return this.cells.get(callId) ?? null
  }

  /** False when the call has a destination already. */
  add(callId: string, set: number, duid: string, now: number): boolean {
    if (this.cells.has(callId)) return false
    const end = (lifetime: number): number => (lifetime > 0 ? now + lifetime : 0)
    this.cells.set(callId, {
      set,
      duid,
      expires: end(this.lifetime),
      unansweredUntil: end(this.unansweredLifetime),
      answered: false,
    })
    return true
  }

  remove(callId: string): void {
    this.cells.delete(callId)
  }

  /** Takes out what is over and says what it was. */
  expired(now: number): Cell[] {
    const over: Cell[] = []
    for (const [callId, cell] of this.cells) {
      const { expires, unansweredUntil, answered } = cell
      const ended = expires !== 0 && expires < now
      const lost = !answered && unansweredUntil !== 0 && unansweredUntil < now
      if (!ended && !lost) continue
      this.cells.delete(callId)
      over.push(cell)
    }
    return over
  }
}
