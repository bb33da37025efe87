/** The instance of xhttp_prom: the metrics of the config, and what Prometheus is told. */
import type { Core } from '../../core/core.ts'
import type { Counter } from '../../core/counters.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { XhttpApi } from '../xhttp/api.ts'
import type { Kind } from './declaration.ts'
import { Metric } from './metric.ts'
import type { needs, params } from './xhttp_prom.module.ts'

const MINUTE = 60_000

export class XhttpProm {
  readonly core: Core
  readonly xhttp: XhttpApi
  private readonly config: ConfigOf<typeof params>
  private readonly metrics: Metric[] = []

  constructor({ core, config, apis }: ModuleEnv<typeof params, typeof needs>) {
    this.core = core
    this.config = config
    this.xhttp = apis.xhttp
    const { prom_counter, prom_gauge, prom_histogram } = config
    for (const declaration of [...prom_counter, ...prom_gauge, ...prom_histogram])
      this.metrics.push(new Metric(declaration))
  }

  /** Throws BadValue. */
  start(): void {
    const { xhttp_prom_timeout } = this.config
    if (xhttp_prom_timeout < 0) throw new BadValue(`Invalid timeout: ${xhttp_prom_timeout}`)
  }

  error(text: string): void {
    this.core.log.error('xhttp_prom', text)
  }

  now(): number {
    return Math.floor(this.core.clock.now())
  }

  /** The metric of a name, which must be of this kind; null is logged. */
  metric(kind: Kind, name: string): Metric | null {
    const metric = this.metrics.find(({ declaration }) => declaration.name === name)
    if (metric === undefined) this.error(`No metric found for name: ${name}`)
    else if (metric.declaration.kind !== kind)
      this.error(`Metric type does not match for metric: ${name}`)
    else return metric
    return null
  }

  /** Whether it was done; otherwise the log tells why. */
  change(
    kind: Kind,
    name: string,
    labels: readonly string[],
    change: (metric: Metric, now: number) => boolean,
  ): boolean {
    const metric = this.metric(kind, name)
    if (metric === null) return false
    if (change(metric, this.now())) return true
    this.error(`Number of labels does not match for metric: ${name} (${labels.length})`)
    return false
  }

  /** Forgets what was not used for too long. */
  forgetOld(): void {
    const { xhttp_prom_timeout } = this.config
    if (xhttp_prom_timeout === 0) return
    const before = this.now() - xhttp_prom_timeout * MINUTE
    for (const metric of this.metrics) metric.forget(before)
  }

  /** The metrics of the config. */
  list(): string {
    this.forgetOld()
    if (this.metrics.length === 0) return '# NO User defined metrics\n'
    const now = this.now()
    const { xhttp_prom_beginning } = this.config
    const lines = this.metrics.map(metric => metric.print(xhttp_prom_beginning, now))
    return `# User defined metrics\n${lines.join('')}`
  }

  /** All that is told; null when it cannot be, which the log tells. */
  page(): string | null {
    const statistics = this.statistics()
    if (statistics === null) return null
    const text = this.list() + statistics
    const { xhttp_prom_buf_size } = this.config
    if (xhttp_prom_buf_size <= 0 || text.length < xhttp_prom_buf_size) return text
    this.error(`Error body buffer overflow: ${text.length} (${xhttp_prom_buf_size})`)
    return null
  }

  /** Those of xhttp_prom_stats. */
  private statistics(): string | null {
    const { counters } = this.core
    const wanted = this.config.xhttp_prom_stats
    if (wanted === '') return ''
    if (wanted === 'all')
      return (
        '\n# Kamailio whole internal statistics\n' +
        counters
          .groupNames()
          .toSorted()
          .map(group => this.print(counters.inGroup(group)))
          .join('')
      )
    if (wanted.endsWith(':')) {
      if (wanted !== ':') {
        const lines = this.print(counters.inGroup(wanted.slice(0, -1)))
        return `\n# Kamailio statistics for group: ${wanted}\n${lines}`
      }
      this.error('Void group for statistics: :')
      return null
    }
    const counter = counters.named(wanted)
    if (counter !== null) return `\n# Kamailio statistics for: ${wanted}\n${this.print([counter])}`
    this.error(`stat not found: ${wanted}`)
    return null
  }

  private print(counters: readonly Counter[]): string {
    const now = this.now()
    const { xhttp_prom_beginning } = this.config
    const lines = counters.map(counter => {
      const name = `${counter.group}_${counter.name}`.replaceAll('-', '_')
      return `${xhttp_prom_beginning}${name} ${counter.current()} ${now}\n`
    })
    return lines.toSorted().join('')
  }
}
