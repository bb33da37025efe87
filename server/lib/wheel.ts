/**
 * One hierarchical timer wheel for everything that times out: transactions, retransmissions,
 * sweeps. A timer is a node of an intrusive list, so arming and disarming allocate nothing and cost
 * O(1). Precision: one tick (TICK_MS); a timer never fires early.
 */
import type { Clock } from './clock.ts'

export const TICK_MS = 10
/**
 * How often a node calls `run`. SIP timers are hundreds of milliseconds long, and each call wakes
 * the process: at 10 ms that alone cost 1.5 % of a core.
 */
export const RUN_EVERY_MS = 50
const SLOT_BITS = 8
const SLOTS = 1 << SLOT_BITS
const MASK = SLOTS - 1
const LEVELS = 4

/**
 * Something that can be armed. Subclass it or give it `fire`; embed it in the object whose time it
 * keeps.
 */
export class Timer {
  previous: Timer | null = null
  next: Timer | null = null
  /** The tick at which it fires; meaningful while armed. */
  tick = 0
  readonly fire: () => void

  constructor(fire: () => void) {
    this.fire = fire
  }

  get armed(): boolean {
    return this.next !== null
  }
}

const nothing = (): void => {}

function emptyList(): Timer {
  const head = new Timer(nothing)
  head.previous = head
  head.next = head
  return head
}

function unlink(timer: Timer): void {
  timer.previous!.next = timer.next
  timer.next!.previous = timer.previous
  timer.previous = null
  timer.next = null
}

function append(head: Timer, timer: Timer): void {
  timer.previous = head.previous
  timer.next = head
  head.previous!.next = timer
  head.previous = timer
}

export class Wheel {
  private readonly clock: Clock
  private readonly started: number
  private readonly levels: Timer[][]
  /** The tick that has been run last. */
  private current = 0
  /** Called when a timer threw: our own mistake must not stop the other timers. */
  private readonly onError: (error: unknown) => void
  private lastRun = 0
  /** How late the last run was, milliseconds: the loop's lag. */
  lateness = 0
  armedCount = 0

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.clock = clock
    this.started = clock.monotonic()
    this.onError = onError
    this.levels = Array.from({ length: LEVELS }, () => Array.from({ length: SLOTS }, emptyList))
  }

  /** Arms `timer` to fire once after `milliseconds`; an armed timer is moved. */
  arm(timer: Timer, milliseconds: number): void {
    if (timer.next !== null) unlink(timer)
    else this.armedCount++
    const due = this.clock.monotonic() - this.started + milliseconds
    timer.tick = Math.max(this.current + 1, Math.ceil(due / TICK_MS))
    this.place(timer)
  }

  disarm(timer: Timer): void {
    if (timer.next === null) return
    unlink(timer)
    this.armedCount--
  }

  /** Fires all that is due. Call it every RUN_EVERY_MS; a late call catches up. */
  run(): void {
    const elapsed = this.clock.monotonic() - this.started
    const target = Math.floor(elapsed / TICK_MS)
    this.lateness = Math.max(0, elapsed - this.lastRun - RUN_EVERY_MS)
    this.lastRun = elapsed
    while (this.current < target) {
      this.current++
      if ((this.current & MASK) === 0) this.cascade(1)
      this.fireSlot(this.levels[0]![this.current & MASK]!)
    }
  }

  private place(timer: Timer): void {
    const distance = timer.tick - this.current
    let level = 0
    while (level < LEVELS - 1 && distance >= 1 << (SLOT_BITS * (level + 1))) level++
    append(this.levels[level]![(timer.tick >>> (SLOT_BITS * level)) & MASK]!, timer)
  }

  /** Moves the timers of the slot that comes into reach one level down. */
  private cascade(level: number): void {
    if (level >= LEVELS) return
    const index = (this.current >>> (SLOT_BITS * level)) & MASK
    if (index === 0) this.cascade(level + 1)
    const head = this.levels[level]![index]!
    // Taken off as a whole first: a timer further away than one turn goes back into the same slot.
    const taken: Timer[] = []
    for (let timer = head.next!; timer !== head; timer = timer.next!) taken.push(timer)
    for (const timer of taken) {
      unlink(timer)
      this.place(timer)
    }
  }

  private fireSlot(head: Timer): void {
    while (head.next !== head) {
      const timer = head.next!
      unlink(timer)
      this.armedCount--
      try {
        timer.fire()
      } catch (error) {
        this.onError(error)
      }
    }
  }
}
