/** benchmark.*: timers read and switched by an operator. */
import { Fault } from '../../../rpc/faults.ts'
import { average, type Benchmark, type BenchmarkTimer } from './benchmark.ts'

const checked = (value: number, least: number, most: number): number => {
  if (value < least || value > most) throw new Fault(500, 'Invalid Parameter Value')
  return value
}

export function enableAll(self: Benchmark, mode: number): void {
  self.config.enable = checked(mode, -1, 1)
}

export function enableOne(self: Benchmark, name: string, mode: number): void {
  const enabled = checked(mode, 0, 1) === 1
  const timer = self.timers.get(name)
  if (timer === undefined) throw new Fault(500, 'Register timer failure')
  timer.enabled = enabled
}

export function setGranularity(self: Benchmark, calls: number): void {
  self.config.granularity = checked(calls, 1, 0x7fffffff)
}

export function setLogLevel(self: Benchmark, level: number): void {
  self.config.loglevel = checked(level, -3, 4)
}

interface Row {
  name: string
  state: string
  id: number
  granularity: number
  period_sum: string
  period_min: string
  period_max: string
  period_media: number
  calls: string
  sum: string
  global_min: string
  global_max: string
  global_media: number
}

const row = (self: Benchmark, { name, id, enabled, period, all }: BenchmarkTimer): Row => ({
  name,
  state: enabled ? 'enabled' : 'disabled',
  id,
  granularity: self.config.granularity,
  period_sum: String(period.sum),
  period_min: String(period.min),
  period_max: String(period.max),
  period_media: average(period),
  calls: String(all.calls),
  sum: String(all.sum),
  global_min: String(all.min),
  global_max: String(all.max),
  global_media: average(all),
})

export const list = (self: Benchmark): Row[] =>
  [...self.timers.values()].map(timer => row(self, timer))

export function one(self: Benchmark, name: string): Row {
  const timer = self.timers.get(name)
  if (timer === undefined) throw new Fault(500, 'Register timer failure')
  return row(self, timer)
}
