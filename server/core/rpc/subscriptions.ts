/**
 * News for connections that asked for them: log lines as they come, statistics and traced messages
 * at intervals.
 */
import { eventMethod, type Topic } from '../../../rpc/contract/ohana.ts'
import type { SubscribeOptions } from '../../../rpc/contract/index.ts'
import { Fault } from '../../../rpc/faults.ts'
import { Timer } from '../../lib/wheel.ts'
import type { Core } from '../core.ts'
import type { LogLine } from '../log.ts'
import type { Connection } from './registry.ts'
import { matcher, row } from './trace-search.ts'

const TRACE_INTERVAL_MS = 200
const LEAST_INTERVAL_MS = 100
/**
 * Messages looked at per interval and subscription; a reader that falls behind is told how many it
 * missed.
 */
const TRACE_BURST = 2000
const MOST_PER_CONNECTION = 32

interface Running {
  readonly id: number
  stop(): void
}

/** Sends to one subscription and counts what a slow reader misses. */
class Sender {
  private readonly connection: Connection
  private readonly id: number
  private missed = 0

  constructor(connection: Connection, id: number) {
    this.connection = connection
    this.id = id
  }

  send(data: unknown): void {
    if (this.missed > 0 && this.notify({ dropped: this.missed })) this.missed = 0
    if (this.missed > 0 || !this.notify({ data })) this.missed++
  }

  skip(count: number): void {
    this.missed += count
  }

  private notify(what: object): boolean {
    return this.connection.notify(eventMethod, { subscription: this.id, ...what })
  }
}

export class Subscriptions {
  private readonly core: Core
  private readonly snapshot: () => unknown
  private readonly running = new Map<Connection, Map<number, Running>>()
  private nextId = 0

  constructor(core: Core, snapshot: () => unknown) {
    this.core = core
    this.snapshot = snapshot
  }

  start(connection: Connection, topic: string, options: SubscribeOptions): number {
    const begin = this.topics[topic as Topic] as
      | ((sender: Sender, options: SubscribeOptions) => () => void)
      | undefined
    if (begin === undefined || !Object.hasOwn(this.topics, topic)) {
      throw new Fault(404, `no such topic: ${topic} (log, stats or trace)`)
    }
    let mine = this.running.get(connection)
    if (mine === undefined) {
      mine = new Map()
      this.running.set(connection, mine)
      connection.onEnd(() => this.end(connection))
    }
    if (mine.size >= MOST_PER_CONNECTION) throw new Fault(500, 'too many subscriptions')
    const id = ++this.nextId
    mine.set(id, { id, stop: begin(new Sender(connection, id), options) })
    return id
  }

  stop(connection: Connection, id: number): boolean {
    const mine = this.running.get(connection)
    const found = mine?.get(id)
    if (found === undefined) return false
    found.stop()
    mine!.delete(id)
    return true
  }

  get count(): number {
    let sum = 0
    for (const mine of this.running.values()) sum += mine.size
    return sum
  }

  private end(connection: Connection): void {
    for (const one of this.running.get(connection)?.values() ?? []) one.stop()
    this.running.delete(connection)
  }

  private readonly topics: Record<
    Topic,
    (sender: Sender, options: SubscribeOptions) => () => void
  > = {
    log: (sender, { level = 3, backlog = 0 }) => {
      for (const line of backlog > 0 ? this.core.log.tail(backlog) : []) {
        if (line.level <= level) sender.send(logRow(line))
      }
      return this.core.log.addSink(line => {
        if (line.level <= level) sender.send(logRow(line))
      })
    },
    stats: (sender, { interval_ms = 1000 }) => {
      sender.send(this.snapshot())
      return this.every(Math.max(LEAST_INTERVAL_MS, interval_ms), () =>
        sender.send(this.snapshot()),
      )
    },
    trace: (sender, { backlog = 0, ...filter }) => {
      const { trace } = this.core
      const matches = matcher(filter)
      let next = Math.max(trace.oldest, trace.newest - backlog + 1)
      const look = (): void => {
        const { newest } = trace
        const from = Math.max(next, trace.oldest, newest - TRACE_BURST + 1)
        if (from > next) sender.skip(from - next)
        for (let seq = from; seq <= newest; seq++) {
          const message = trace.read(seq)
          if (message !== null && matches(message.text)) sender.send(row(message))
        }
        next = newest + 1
      }
      // The answer that names the subscription leaves before its first events.
      return this.every(TRACE_INTERVAL_MS, look)
    },
  }

  private every(milliseconds: number, run: () => void): () => void {
    const { timers } = this.core
    const timer = new Timer(() => {
      timers.arm(timer, milliseconds)
      run()
    })
    timers.arm(timer, milliseconds)
    return () => timers.disarm(timer)
  }
}

/** A log line as it is shown. */
export function logRow(line: LogLine): object {
  return {
    seq: line.seq,
    time: Math.round(line.time),
    level: line.level,
    name: line.name,
    source: line.source,
    prefix: line.prefix,
    text: line.text,
  }
}
