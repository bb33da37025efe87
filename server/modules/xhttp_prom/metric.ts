/** Metrics: what was declared, and the values of it that were used. */
import type { Declaration } from './declaration.ts'
import { fixed } from './number.ts'

/** Values of one metric: labels may be what a caller sent. */
const MOST_VALUES = 100_000

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }
/** As the format of Prometheus has the values of labels. */
const escaped = (label: string): string => label.replace(/[\\"\n]/g, letter => ESCAPES[letter]!)

/** One value: that of one set of labels. */
interface Value {
  readonly labels: readonly string[]
  /** Of a counter or a gauge; the sum of a histogram. */
  number: number
  /** Of a histogram: how often it was observed. */
  count: number
  /** Of a histogram: how many were at most the bound of the same place. */
  readonly buckets: number[]
  /** When it was last used, milliseconds. */
  used: number
}

export class Metric {
  readonly declaration: Declaration
  private readonly values = new Map<string, Value>()

  constructor(declaration: Declaration) {
    this.declaration = declaration
  }

  /**
   * The value of these labels, new where there is none; null: they are not as many as declared, or
   * there are too many values.
   */
  private value(labels: readonly string[], now: number): Value | null {
    const { labels: names, bounds, kind } = this.declaration
    if (labels.length !== names.length || labels.includes('')) return null
    const key = JSON.stringify(labels)
    let value = this.values.get(key)
    if (value === undefined) {
      if (this.values.size >= MOST_VALUES) return null
      const buckets = kind === 'histogram' ? bounds.map(() => 0) : []
      value = { labels: [...labels], number: 0, count: 0, buckets, used: now }
      this.values.set(key, value)
    }
    value.used = now
    return value
  }

  add(number: number, labels: readonly string[], now: number): boolean {
    const value = this.value(labels, now)
    if (value !== null) value.number += number
    return value !== null
  }

  set(number: number, labels: readonly string[], now: number): boolean {
    const value = this.value(labels, now)
    if (value !== null) value.number = number
    return value !== null
  }

  observe(number: number, labels: readonly string[], now: number): boolean {
    const value = this.value(labels, now)
    if (value === null) return false
    value.count++
    value.number += number
    this.declaration.bounds.forEach((bound, i) => {
      if (number <= bound) value.buckets[i]!++
    })
    return true
  }

  /** Forgets what was not used since then. */
  forget(before: number): void {
    for (const [key, { used }] of this.values) if (used < before) this.values.delete(key)
  }

  /** The lines of it, each with its line end. */
  print(beginning: string, time: number): string {
    const name = beginning + this.declaration.name
    let text = ''
    for (const value of this.values.values()) text += this.lines(name, value, time)
    return text
  }

  private lines(name: string, { labels, number, count, buckets }: Value, time: number): string {
    const { kind, labels: names, bounds } = this.declaration
    const pairs = names.map((label, i) => `${label}="${escaped(labels[i]!)}"`)
    const all = pairs.length === 0 ? '' : `{${pairs.join(', ')}}`
    if (kind !== 'histogram')
      return `${name}${all} ${kind === 'counter' ? number : fixed(number)} ${time}\n`
    const bucket = (bound: string, value: number): string =>
      `${name}_bucket{${[...pairs, `le="${bound}"`].join(', ')}} ${value} ${time}\n`
    return (
      buckets.map((value, i) => bucket(fixed(bounds[i]!), value)).join('') +
      bucket('+Inf', count) +
      `${name}_sum${all} ${fixed(number)} ${time}\n${name}_count${all} ${count} ${time}\n`
    )
  }
}
