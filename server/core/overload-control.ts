/**
 * How much of the new work a node takes, from how busy its loop is. What is taken shrinks by a
 * growing step while the loop is busy without a pause (work is waiting, and nobody can see how
 * much), and follows the ratio of the wanted to the present busyness as soon as there are pauses.
 */

/** From here on the loop had no pause worth the name. */
const FULL = 0.99
/**
 * Looks without a pause before anything is refused. A burst, a collection of garbage or a neighbour
 * who takes the processor for a moment is no overload: the kernel's queue bridges a second of it.
 */
const PATIENCE = 10
/** What is taken never shrinks below this. */
const LEAST = 0.02
/** Shrinks by 2 % at the first look without a pause, by 4 % at the next ... by 40 % at most. */
const STEP = 0.02
const LARGEST_STEP = 0.4
/** Grows by 25 % a look at most. */
const LARGEST_GROWTH = 1.25

export class OverloadControl {
  /** Part of the new work that is taken, up to 1. */
  taken = 1
  private fullLooks = 0

  /** One look: which part of the time since the last one was the loop busy, and may it be? */
  look(busy: number, target: number): void {
    this.fullLooks = busy > FULL ? this.fullLooks + 1 : 0
    const { fullLooks, taken } = this
    if (fullLooks > 0) {
      if (taken === 1 && fullLooks < PATIENCE) return
      this.taken = Math.max(LEAST, taken * (1 - Math.min(LARGEST_STEP, STEP * fullLooks)))
    } else this.taken = Math.min(1, taken * Math.min(LARGEST_GROWTH, target / busy))
  }
}
