/** The instance: timers that a script starts and reads, by name. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './benchmark.module.ts'

/** Microseconds over some calls. */
export interface Totals {
  calls: number
  sum: number
  min: number
  max: number
}

const noCalls = (): Totals => ({ calls: 0, sum: 0, min: 0, max: 0 })

export const average = ({ calls, sum }: Totals): number => (calls === 0 ? 0 : sum / calls)

function count(totals: Totals, microseconds: number): void {
  totals.min = totals.calls === 0 ? microseconds : Math.min(totals.min, microseconds)
  totals.max = Math.max(totals.max, microseconds)
  totals.calls++
  totals.sum += microseconds
}

const text = (totals: Totals): string =>
  `${totals.calls}/${totals.sum}/${totals.min}/${totals.max}/${average(totals).toFixed(6)}`

export class BenchmarkTimer {
  readonly name: string
  readonly id: number
  enabled = true
  /** Microseconds of a clock that is never set back; null before the first start. */
  started: number | null = null
  /** Since the last line in the log, and since the node began. */
  period = noCalls()
  readonly all = noCalls()

  constructor(name: string, id: number) {
    this.name = name
    this.id = id
  }
}

/** Values of `enable`. */
const OFF = 0
const BY_TIMER = -1

export class Benchmark {
  readonly config: ConfigOf<typeof params>
  readonly timers = new Map<string, BenchmarkTimer>()
  /** What the last bm_log_timer() measured. */
  difference = 0
  private readonly core: Core

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.config = env.config
    for (const name of env.config.register) this.timer(name)
  }

  /** Made when first asked for. */
  timer(name: string): BenchmarkTimer {
    let timer = this.timers.get(name)
    if (timer === undefined) {
      timer = new BenchmarkTimer(name, this.timers.size)
      this.timers.set(name, timer)
    }
    return timer
  }

  private isOn(timer: BenchmarkTimer): boolean {
    const { enable } = this.config
    return enable === BY_TIMER ? timer.enabled : enable !== OFF
  }

  start(name: string): void {
    const timer = this.timer(name)
    if (this.isOn(timer)) timer.started = this.core.clock.monotonic() * 1000
  }

  /** Counts the time since the start; without one it is nothing. */
  read(name: string): void {
    const timer = this.timer(name)
    if (!this.isOn(timer) || timer.started === null) return
    this.difference = Math.round(this.core.clock.monotonic() * 1000 - timer.started)
    count(timer.period, this.difference)
    count(timer.all, this.difference)
    const { granularity } = this.config
    if (granularity <= 0 || timer.period.calls < granularity) return
    const totals = `LR: ${text(timer.period)} | GB: ${text(timer.all)}`
    const what = `benchmark (timer ${name} [${timer.id}]): ${this.difference}`
    const line = `${what} [ msgs/total/min/max/avg - ${totals}]`
    this.core.log.write(this.config.loglevel, 'benchmark', line)
    timer.period = noCalls()
  }
}

export function startTimer(self: Benchmark, _msg: SipMessage, name: string): Verdict {
  self.start(name)
  return 1
}

export function logTimer(self: Benchmark, _msg: SipMessage, name: string): Verdict {
  self.read(name)
  return 1
}
