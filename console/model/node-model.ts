/**
 * One node as the console knows it: connected or not, the last good answers, what it sends by
 * itself.
 */
import type { Client } from '../../rpc/client/client.ts'
import type { Result, TopicData } from '../../rpc/contract/index.ts'
import { Fault, NoAnswer } from '../../rpc/faults.ts'
import { type Connect, failureOf } from '../../rpc/fleet/fleet.ts'
import type { FleetNode } from '../../rpc/fleet/fleet-file.ts'
import type { TracedMessage } from '../../rpc/fleet/arrows.ts'
import {
  type Feed,
  type FeedValues,
  type Known,
  MESSAGES_AT_ONCE,
  MESSAGES_EVERY_MS,
  type PolledFeed,
  polledFeeds,
  polls,
} from './feed.ts'
import { History, type Snapshot } from './history.ts'

export type LogLine = TopicData<'log'>
export type NodeInfo = Result<'ohana.node'>

export interface NodeModelOptions {
  readonly connect: Connect
  readonly timeoutMs: number
  readonly now: () => number
  /** Something on the screen may have changed. */
  readonly onChange: () => void
  readonly onMessages: (node: string, messages: readonly TracedMessage[], anew: boolean) => void
}

const RETRY_MS = [500, 1000, 2000, 3000]
const SNAPSHOT_MS = 1000
/** Without a snapshot for so long, what we show is old. */
const STALE_MS = 3500
const DEAD_MS = 15_000
const LOG_BACKLOG = 300
const LOG_KEPT = 3000

type Feeds = { [F in PolledFeed]: Known<FeedValues[F]> | null }

export class NodeModel {
  readonly node: FleetNode
  readonly history = new History()
  readonly feeds: Feeds = {
    registrations: null,
    transactions: null,
    statistics: null,
    parameters: null,
  }
  /** What the statistics were a look before, for rates. */
  earlierStatistics: Known<FeedValues['statistics']> | null = null
  log: LogLine[] = []
  info: NodeInfo | null = null
  /** Why there is no connection; '' when there is one. */
  trouble = 'connecting'
  /** When it last said anything; 0 is never. */
  heardAt = 0
  private readonly options: NodeModelOptions
  private client: Client | null = null
  private wanted: ReadonlySet<Feed> = new Set()
  private readonly due = new Map<Feed | 'snapshot', number>()
  private readonly asking = new Set<Feed | 'snapshot'>()
  /** The endpoint answers and never speaks first. */
  private isOneWay = false
  private hasLog = false
  private newestMessage = 0
  private stopped = false
  private wake: () => void = () => undefined

  constructor(node: FleetNode, options: NodeModelOptions) {
    this.node = node
    this.options = options
  }

  get name(): string {
    return this.node.name
  }

  get isUp(): boolean {
    return this.client !== null && !this.isStale
  }

  /**
   * Nothing was heard for longer than a snapshot takes: its rows are shown grey, with their age.
   */
  get isStale(): boolean {
    return this.options.now() - this.heardAt > STALE_MS
  }

  /** Seconds since it last said anything; null when it never did. */
  get silentFor(): number | null {
    if (this.heardAt === 0) return null
    return Math.max(0, (this.options.now() - this.heardAt) / 1000)
  }

  /** One sentence about a node that is not well; '' when it is. */
  get complaint(): string {
    if (this.trouble !== '') return this.trouble
    return this.isStale ? 'no answer' : ''
  }

  /** Keeps a connection until `stop`; never rejects. */
  async run(): Promise<void> {
    let failures = 0
    while (!this.stopped) {
      const worked = await this.connection()
      if (this.stopped) return
      failures = worked ? 0 : failures + 1
      await this.pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!)
    }
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.wake()
    await this.client?.close()
  }

  /** Says which feeds somebody looks at; new ones are asked at once. */
  want(feeds: ReadonlySet<Feed>): void {
    for (const feed of feeds) if (!this.wanted.has(feed)) this.due.set(feed, 0)
    this.wanted = feeds
    this.tick()
  }

  /** Asks now, whatever the clock says. */
  refresh(): void {
    for (const feed of this.wanted) this.due.set(feed, 0)
    this.tick()
  }

  /** Starts what is due. Called often; does nothing most of the time. */
  tick(): void {
    const { client } = this
    if (client === null) return
    const now = this.options.now()
    // A connection on which nothing comes any more is given up; a new one may do better.
    if (now - this.heardAt > DEAD_MS) {
      this.heardAt = now
      this.trouble = 'no answer'
      void client.close()
      return
    }
    for (const feed of polledFeeds)
      if (this.isDue(feed, now))
        void this.poll(client, feed, polls[feed].everyMs(this.history.latest))
    if (this.isDue('messages', now)) void this.fetchMessages(client)
    if (this.isOneWay) {
      if (!this.asking.has('snapshot') && (this.due.get('snapshot') ?? 0) <= now)
        void this.askOneWay(client).catch((error: unknown) => this.note(error))
    } else if (this.wanted.has('log') && !this.hasLog) void this.followLog(client)
  }

  /** A call that an operator asked for. Rejects with Fault or NoAnswer. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.client === null)
      throw new NoAnswer('unreachable', this.node.endpoint, this.trouble || 'not connected')
    return work(this.client)
  }

  private isDue(feed: Feed, now: number): boolean {
    return this.wanted.has(feed) && !this.asking.has(feed) && (this.due.get(feed) ?? 0) <= now
  }

  /** From connecting to losing it; returns whether it worked at all. */
  private async connection(): Promise<boolean> {
    const { connect, timeoutMs } = this.options
    let client: Client | null = null
    try {
      client = await connect(this.node.endpoint, { timeoutMs })
      if (this.stopped) return true
      await this.begin(client)
      const reason = await client.closed
      this.trouble = reason?.message ?? 'the connection was closed'
      return true
    } catch (error) {
      this.trouble = this.sentence(error)
      return false
    } finally {
      this.client = null
      this.hasLog = false
      await client?.close()
      this.options.onChange()
    }
  }

  private async begin(client: Client): Promise<void> {
    this.info = await client.call('ohana.node')
    this.isOneWay = !(await this.followSnapshots(client))
    this.history.add(await client.call('ohana.snapshot'))
    this.client = client
    this.trouble = ''
    this.heard()
    for (const feed of this.wanted) this.due.set(feed, 0)
    this.tick()
  }

  /** False where the endpoint cannot send by itself (HTTP): then it is asked. */
  private async followSnapshots(client: Client): Promise<boolean> {
    try {
      await client.subscribe(
        'stats',
        event => {
          if ('data' in event) this.take(event.data)
        },
        { interval_ms: SNAPSHOT_MS },
      )
      return true
    } catch (error) {
      if (error instanceof NoAnswer && error.reason === 'protocol') return false
      throw error
    }
  }

  private take(snapshot: Snapshot): void {
    this.history.add(snapshot)
    this.heard()
  }

  private async askOneWay(client: Client): Promise<void> {
    await this.ask('snapshot', SNAPSHOT_MS, async () => {
      this.take(await client.call('ohana.snapshot'))
    })
    if (!this.wanted.has('log')) return
    const last = this.log.at(-1)?.seq ?? 0
    for (const line of await client.call('ohana.log.tail', LOG_BACKLOG)) this.addLine(line, last)
  }

  private heard(): void {
    this.heardAt = this.options.now()
    this.options.onChange()
  }

  private async poll<F extends PolledFeed>(
    client: Client,
    feed: F,
    everyMs: number,
  ): Promise<void> {
    await this.ask(feed, everyMs, async () => {
      const value = await polls[feed].ask(client)
      if (feed === 'statistics') this.earlierStatistics = this.feeds.statistics
      this.feeds[feed] = { value, at: this.options.now() } as Feeds[F]
    })
  }

  private async fetchMessages(client: Client): Promise<void> {
    await this.ask('messages', MESSAGES_EVERY_MS, async () => {
      const after = this.newestMessage
      const found = await client.call('ohana.trace.find', { after, limit: MESSAGES_AT_ONCE })
      const anew = found.status.newest < after
      this.newestMessage = anew ? 0 : (found.messages.at(-1)?.seq ?? after)
      this.options.onMessages(this.name, anew ? [] : found.messages, anew)
    })
  }

  /**
   * One question at a time for each feed; a refusal is kept as trouble of the feed, not of the
   * node.
   */
  private async ask(
    feed: Feed | 'snapshot',
    everyMs: number,
    work: () => Promise<void>,
  ): Promise<void> {
    this.asking.add(feed)
    this.due.set(feed, this.options.now() + everyMs)
    try {
      await work()
      this.trouble = ''
      this.heard()
    } catch (error) {
      if (!(error instanceof Fault)) this.note(error)
    } finally {
      this.asking.delete(feed)
    }
  }

  private async followLog(client: Client): Promise<void> {
    this.hasLog = true
    const last = this.log.at(-1)?.seq ?? 0
    try {
      await client.subscribe(
        'log',
        event => {
          if ('data' in event) this.addLine(event.data, last)
        },
        { backlog: LOG_BACKLOG },
      )
    } catch (error) {
      this.note(error)
    }
  }

  /** The backlog after a lost connection begins with lines that we have. */
  private addLine(line: LogLine, last: number): void {
    const again =
      line.seq <= last && this.log.some(({ seq, time }) => seq === line.seq && time === line.time)
    if (again) return
    this.log.push(line)
    if (this.log.length > LOG_KEPT * 1.2) this.log = this.log.slice(-LOG_KEPT)
    this.options.onChange()
  }

  private note(error: unknown): void {
    this.trouble = this.sentence(error)
    this.options.onChange()
  }

  private sentence(error: unknown): string {
    return failureOf(error, this.options.timeoutMs).message
  }

  private pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
