/** The instance: timers that run routes of the script. */
import type { Core } from '../../core/core.ts'
import { eventMessage } from '../../core/event-message.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import { Timer } from '../../lib/wheel.ts'
import type { params } from './rtimer.module.ts'

interface RouteTimer {
  readonly intervalMs: number
  readonly workers: number
  /** In the order in which they run. */
  readonly routes: string[]
}

export class Rtimer {
  /** Number of the run that is on: $rtimer_worker. */
  worker = 0
  private readonly core: Core
  private readonly timers = new Map<string, RouteTimer>()
  private readonly armed: Timer[] = []
  private stopped = false

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { config } = env
    this.core = env.core
    for (const { name, interval, workers } of config.timer) {
      if (this.timers.has(name)) throw new BadValue(`rtimer: the timer ${name} is there twice`)
      const intervalMs = interval > 0 ? interval : config.default_interval * 1000
      this.timers.set(name, { intervalMs, workers, routes: [] })
    }
    for (const { timer, route } of config.exec) {
      const found = this.timers.get(timer)
      if (found === undefined) throw new BadValue(`rtimer: timer not found - name: ${timer}`)
      // As in Kamailio the last one runs first.
      found.routes.unshift(route)
    }
  }

  start(): void {
    for (const timer of this.timers.values()) {
      for (const route of timer.routes)
        if (this.core.kemi.block('route', route) === null)
          this.core.log.error('rtimer', `there is no route ${route}: its timer runs nothing`)
      for (let worker = 0; worker < timer.workers; worker++) this.keep(timer, worker)
    }
  }

  stop(): void {
    this.stopped = true
    for (const timer of this.armed) this.core.timers.disarm(timer)
  }

  /** One worker's runs: the next interval begins when a run is over, and so they never overlap. */
  private keep(timer: RouteTimer, worker: number): void {
    const again = (): void => {
      if (!this.stopped) this.core.timers.arm(armed, timer.intervalMs)
    }
    const armed = new Timer(() => this.runAll(timer, worker, 0, again))
    this.armed.push(armed)
    again()
  }

  private runAll(timer: RouteTimer, worker: number, from: number, done: () => void): void {
    for (let i = from; i < timer.routes.length; i++) {
      const end = this.runOne(timer.routes[i]!, worker)
      if (end !== null) {
        void end.then(() => this.runAll(timer, worker, i + 1, done))
        return
      }
    }
    done()
  }

  /** A promise when the route waits for something. */
  private runOne(route: string, worker: number): Promise<unknown> | null {
    const { kemi, routes, sockets } = this.core
    const block = kemi.block('route', route)
    const socket = sockets.list[0]
    if (block === null || socket === undefined) return null
    this.worker = worker
    const code = routes.run(block, eventMessage(socket), REQUEST_ROUTE)
    this.worker = 0
    return typeof code === 'number' ? null : code
  }
}
