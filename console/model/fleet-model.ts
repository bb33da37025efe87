/**
 * The whole fleet as the console knows it. Screens read from here and are told when something
 * changed; no React in here.
 */
import type { Client } from '../../rpc/client/client.ts'
import { type Answer, type Connect, failureOf } from '../../rpc/fleet/fleet.ts'
import type { Environment, FleetNode } from '../../rpc/fleet/fleet-file.ts'
import { type Call, placeNotes } from '../../rpc/fleet/call.ts'
import { notesFor } from '../../rpc/fleet/calls.ts'
import { CallList } from './call-list.ts'
import type { Feed } from './feed.ts'
import { NodeModel } from './node-model.ts'

export interface FleetModelOptions {
  readonly name: string
  readonly nodes: readonly FleetNode[]
  readonly connect: Connect
  readonly now: () => number
  readonly timeoutMs?: number
}

const TICK_MS = 250
/** News of the nodes is told at most four times a second; keys are answered at once. */
const TELL_MS = 250
const DEFAULT_TIMEOUT_MS = 2000

export class FleetModel {
  readonly name: string
  readonly nodes: readonly NodeModel[]
  readonly now: () => number
  readonly timeoutMs: number
  /** Grows with every change that is told. */
  version = 0
  private readonly callList = new CallList()
  private readonly listeners = new Set<() => void>()
  private readonly lookers = new Map<object, readonly Feed[]>()
  private readonly timer: NodeJS.Timeout
  private telling: NodeJS.Timeout | null = null

  constructor({ name, nodes, connect, now, timeoutMs = DEFAULT_TIMEOUT_MS }: FleetModelOptions) {
    this.name = name
    this.now = now
    this.timeoutMs = timeoutMs
    const onChange = (): void => this.changed()
    this.nodes = nodes.map(
      node =>
        new NodeModel(node, {
          connect,
          timeoutMs,
          now,
          onChange,
          onMessages: (from, messages, anew) => {
            if (anew) this.callList.dropNode(from)
            this.callList.add(from, messages)
          },
        }),
    )
    this.timer = setInterval(() => this.tick(), TICK_MS)
    for (const node of this.nodes) void node.run()
  }

  /** The gravest environment among the nodes: one production node makes the fleet production. */
  get environment(): Environment {
    const found = this.nodes.map(({ node }) => node.environment)
    return found.includes('prod') ? 'prod' : found.includes('stage') ? 'stage' : 'dev'
  }

  /** The nodes that a screen shows: all, or the one chosen. */
  within(scope: string | null): readonly NodeModel[] {
    return scope === null ? this.nodes : this.nodes.filter(({ name }) => name === scope)
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Says what somebody looks at now; nothing when he has gone. Several may look, and each node is
   * asked once for all.
   */
  want(who: object, feeds: readonly Feed[]): void {
    if (feeds.length > 0) this.lookers.set(who, feeds)
    else this.lookers.delete(who)
    const all = new Set([...this.lookers.values()].flat())
    for (const node of this.nodes) node.want(all)
  }

  refresh(): void {
    for (const node of this.nodes) node.refresh()
  }

  /** The calls of the last minutes, the newest first. */
  calls(): readonly Call[] {
    return this.callList.calls(this.addresses())
  }

  /** One call with the log lines that belong to it; null when it is forgotten. */
  call(callId: string): Call | null {
    const call = this.calls().find(one => one.callId === callId)
    if (call === undefined) return null
    const notes = notesFor(
      callId,
      this.nodes.map(({ name, log }) => ({ node: name, lines: log })),
    )
    return { ...call, notes: placeNotes(call.steps, notes) }
  }

  /** Asks the nodes for a call that is older than our list. */
  async fetchCall(callid: string): Promise<void> {
    const up = this.nodes.filter(({ isUp }) => isUp)
    const answers = await this.change(up, client => client.call('ohana.trace.find', { callid }))
    for (const answer of answers)
      if (answer.ok) this.callList.add(answer.node.name, answer.value.messages)
    this.changed()
  }

  /** A change on several nodes at once; never rejects for a node's sake. */
  change<T>(
    nodes: readonly NodeModel[],
    work: (client: Client, node: FleetNode) => Promise<T>,
  ): Promise<Answer<T>[]> {
    return Promise.all(
      nodes.map(async ({ node }, index): Promise<Answer<T>> => {
        const start = performance.now()
        try {
          const value = await nodes[index]!.use(client => work(client, node))
          return { node, ok: true, value, ms: performance.now() - start }
        } catch (error) {
          return { node, ok: false, failure: failureOf(error, this.timeoutMs) }
        }
      }),
    )
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    if (this.telling !== null) clearTimeout(this.telling)
    this.listeners.clear()
    await Promise.all(this.nodes.map(node => node.stop()))
  }

  private addresses(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      this.nodes.map(({ name, info }) => [
        name,
        (info?.listeners ?? []).map(({ address, port }) =>
          address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
        ),
      ]),
    )
  }

  private tick(): void {
    for (const node of this.nodes) node.tick()
    // Ages grow without any news.
    if (this.nodes.some(node => node.isStale)) this.changed()
  }

  private changed(): void {
    this.telling ??= setTimeout(() => {
      this.telling = null
      this.version++
      for (const listener of this.listeners) listener()
    }, TELL_MS)
  }
}
