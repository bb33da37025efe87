/**
 * One run of a route that has to wait. Between its parts other messages are routed, so that what
 * belongs to the run is put away at each wait and brought back before the next part.
 */
import type { SipMessage } from '../sip/message.ts'
import { logMistake } from './mistake.ts'
import type { RouteBlock } from './module/index.ts'
import type { Sending } from './outgoing.ts'
import type { RouteEnd, Routes } from './routes.ts'
import { progress, SCRIPT_DROP, SCRIPT_RUNNING } from './script-state.ts'

/** A route that waits: gives what it waits for, takes what that came to, and ends with its code. */
export type Steps = Generator<Promise<number>, number, number>

/** What a function that failed is worth. */
const FAILED = -1

export class WaitingRun {
  private readonly routes: Routes
  private readonly steps: Steps
  private readonly block: RouteBlock
  private readonly msg: SipMessage
  private readonly routeType: number
  private scriptState = SCRIPT_RUNNING
  private failed = false
  private depth = progress.depth
  private sending: Sending | null
  private selections: readonly [group: string, instance: number][] = []

  constructor(routes: Routes, steps: Steps, block: RouteBlock, msg: SipMessage, routeType: number) {
    this.routes = routes
    this.steps = steps
    this.block = block
    this.msg = msg
    this.routeType = routeType
    this.sending = routes.sending
  }

  /** Runs to the first wait. When there is none this is a run like any other. */
  begin(): number | Promise<RouteEnd> {
    const step = this.step(0)
    if (step.done === true) return this.end(step.value)
    this.routes.waiting++
    return new Promise(resolve => this.waitFor(step.value, resolve))
  }

  /** Runs to the end at once: what would have to be waited for fails. */
  finishNow(): number {
    let step = this.step(0)
    let refused = false
    while (step.done !== true) {
      if (!refused) this.refuse()
      refused = true
      // Nobody wants to know any more what it comes to.
      step.value.catch(() => undefined)
      step = this.step(FAILED)
    }
    return this.end(step.value)
  }

  private refuse(): void {
    const { kind, name } = this.block
    const text = `${kind} route ${name}: a function that waits cannot do so here, and fails`
    this.routes.log.error('<core>', text)
  }

  /** Our own mistake: the log says over which message. */
  private complain(error: unknown): void {
    logMistake(
      this.routes.log,
      `in ${this.block.kind} route ${this.block.name}`,
      this.msg.raw,
      error,
    )
  }

  /** What this message sees of the runtime parameters must not be seen by others meanwhile. */
  private putSelectionsAway(): void {
    const { cfg } = this.routes
    this.selections = cfg.selections()
    if (cfg.anySelected) cfg.deselectAll()
  }

  private bringSelectionsBack(): void {
    const { cfg } = this.routes
    if (cfg.anySelected) cfg.deselectAll()
    for (const [group, instance] of this.selections) cfg.select(group, instance)
  }

  private waitFor(promise: Promise<number>, resolve: (end: RouteEnd) => void): void {
    this.putSelectionsAway()
    promise.then(
      value => this.resume(value, resolve),
      (error: unknown) => {
        this.complain(error)
        this.resume(FAILED, resolve)
      },
    )
  }

  private resume(value: number, resolve: (end: RouteEnd) => void): void {
    let step: IteratorResult<Promise<number>, number>
    this.bringSelectionsBack()
    try {
      step = this.step(value)
    } catch (error) {
      this.complain(error)
      this.routes.waiting--
      resolve({ code: FAILED, ended: SCRIPT_DROP })
      return
    }
    if (step.done !== true) {
      this.waitFor(step.value, resolve)
      return
    }
    this.routes.waiting--
    resolve({ code: this.end(step.value), ended: this.scriptState })
  }

  private end(code: number): number {
    this.routes.ended = this.scriptState
    return code
  }

  /** One part, up to the next wait or to the end, with everything around it as the run left it. */
  private step(value: number): IteratorResult<Promise<number>, number> {
    const { routes, msg } = this
    const { current, home, sending } = routes
    const { routeType, scriptState } = msg
    const { failed, depth } = progress
    routes.current = msg
    routes.sending = this.sending
    routes.home = this.block.home ?? null
    msg.routeType = this.routeType
    msg.scriptState = this.scriptState
    progress.failed = this.failed
    progress.depth = this.depth
    try {
      return this.steps.next(value)
    } finally {
      this.scriptState = msg.scriptState
      this.failed = progress.failed
      this.depth = progress.depth
      progress.failed = failed
      progress.depth = depth
      msg.scriptState = scriptState
      msg.routeType = routeType
      routes.home = home
      routes.sending = sending
      routes.current = current
    }
  }
}
