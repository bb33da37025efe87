/** One destination: what was found out about it, and when it is asked again. */
import { Timer } from '../../lib/wheel.ts'
import { DOWN, type ReplyListener, type StateListener, UNKNOWN, UP } from './api.ts'

export class Destination {
  readonly uri: string
  readonly owner: string
  /** Milliseconds between two pings. */
  readonly interval: number
  readonly timer: Timer
  state = UNKNOWN
  /** Pings in a row that failed. */
  failures = 0
  // ---- milliseconds since 1970, 0 for never
  lastChecked = 0
  lastUp = 0
  lastDown = 0
  private readonly onState: StateListener | undefined
  private readonly onReply: ReplyListener | undefined

  constructor(
    uri: string,
    owner: string,
    interval: number,
    ping: (destination: Destination) => void,
    onState: StateListener | undefined,
    onReply: ReplyListener | undefined,
  ) {
    this.uri = uri
    this.owner = owner
    this.interval = interval
    this.timer = new Timer(() => ping(this))
    this.onState = onState
    this.onReply = onReply
  }

  /** A ping has ended with this status; true when the state is another than before. */
  answered(code: number, now: number): boolean {
    const state = code >= 200 && code < 300 ? UP : DOWN
    if (state === UP) {
      this.lastUp = now
      this.failures = 0
    } else {
      this.lastDown = now
      this.failures++
    }
    const changed = state !== this.state
    this.state = state
    this.onReply?.(this.uri, code)
    if (changed) this.onState?.(this.uri, state)
    return changed
  }
}
