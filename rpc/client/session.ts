/**
 * Calls over a link: matches replies to calls, keeps deadlines, hands events to their
 * subscriptions.
 */
import { createJSONRPCErrorResponse, JSONRPCClient, type JSONRPCResponse } from 'json-rpc-2.0'
import {
  methodOf,
  type MethodName,
  type Params,
  type Result,
  type SubscribeOptions,
  type Topic,
  type TopicEvent,
} from '../contract/index.ts'
import { eventMethod } from '../contract/ohana.ts'
import { Fault, NoAnswer, type NoAnswerReason } from '../faults.ts'
import type { ShapeNode } from '../schema.ts'
import { type JsonValue, readJson } from '../wire/json-read.ts'
import { plainValue, shapedValue } from '../wire/kamailio-reply.ts'
import type { Client, Subscription } from './client.ts'
import type { Link, LinkEvents } from './link.ts'

/** Marks the replies that the library makes up for calls that got none. */
class Missing {
  readonly reason: NoAnswerReason
  constructor(reason: NoAnswerReason) {
    this.reason = reason
  }
}

interface EventParams {
  readonly subscription: number
  readonly data?: unknown
  readonly dropped?: number
}
type Listener = (event: TopicEvent<never>) => void

export class Session implements Client, LinkEvents {
  readonly endpoint: string
  readonly closed: Promise<Error | null>
  private readonly timeoutMs: number
  private readonly rpc: JSONRPCClient
  private readonly listeners = new Map<number, Listener>()
  /** Events that came before the answer to their `ohana.subscribe` was read. */
  private early: EventParams[] = []
  private nextId = 0
  private link: Link | null = null
  private gone = false
  private readonly endClosed: (reason: Error | null) => void

  constructor(endpoint: string, timeoutMs: number) {
    this.endpoint = endpoint
    this.timeoutMs = timeoutMs
    this.rpc = new JSONRPCClient(payload => this.send(payload))
    const { promise, resolve } = Promise.withResolvers<Error | null>()
    this.closed = promise
    this.endClosed = resolve
  }

  use(link: Link): this {
    this.link = link
    return this
  }

  async call<N extends MethodName>(method: N, ...params: Params<N>): Promise<Result<N>> {
    const result = await this.request(method, params as readonly unknown[])
    const shape = methodOf(method)!.result as ShapeNode
    if (this.link?.kamailio === true) return shapedValue(shape, result as JsonValue) as Result<N>
    return (shape.kind === 'nothing' ? undefined : result) as Result<N>
  }

  async raw(method: string, params: readonly unknown[] = []): Promise<unknown> {
    const result = await this.request(method, params)
    return this.link?.kamailio === true ? plainValue(result as JsonValue) : result
  }

  async subscribe<T extends Topic>(
    topic: T,
    onEvent: (event: TopicEvent<T>) => void,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    if (this.link?.duplex !== true) {
      throw new NoAnswer('protocol', this.endpoint, 'this endpoint cannot send events')
    }
    const { subscription } = await this.call('ohana.subscribe', topic, options)
    this.listeners.set(subscription, onEvent as Listener)
    const waiting = this.early.filter(event => event.subscription === subscription)
    this.early = this.early.filter(event => event.subscription !== subscription)
    for (const event of waiting) this.deliver(event)
    return {
      topic,
      close: async () => {
        if (!this.listeners.delete(subscription) || this.gone) return
        await this.call('ohana.unsubscribe', subscription)
      },
    }
  }

  async close(): Promise<void> {
    await this.link?.close()
  }

  onText(text: string): void {
    const message = this.read(text)
    if (message === null) return
    if ('method' in message) {
      if (message.method === eventMethod) this.deliver(message.params as EventParams)
    } else this.rpc.receive(message as unknown as JSONRPCResponse)
  }

  onClose(error: Error | null): void {
    this.gone = true
    this.listeners.clear()
    this.early = []
    this.rpc.rejectAllPendingRequests(error?.message ?? 'the connection was closed')
    this.endClosed(error)
  }

  private deliver(event: EventParams): void {
    const listener = this.listeners.get(event.subscription)
    if (listener !== undefined) {
      listener(
        (event.dropped === undefined
          ? { data: event.data }
          : { dropped: event.dropped }) as TopicEvent<never>,
      )
    } else if (this.early.length < 1000) this.early.push(event)
  }

  /** A message as plain members; in Kamailio's JSON the result stays a tree, its shape decides. */
  private read(text: string): Record<string, unknown> | null {
    if (this.link?.kamailio !== true) {
      try {
        const message: unknown = JSON.parse(text)
        return typeof message === 'object' ? (message as Record<string, unknown>) : null
      } catch {
        return null
      }
    }
    const json = readJson(text, true)
    if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) {
      return null
    }
    const error = json.get('error')
    const id = json.get('id')
    return error === undefined
      ? { id, result: json.get('result') ?? null }
      : { id, error: plainValue(error) }
  }

  private async send(payload: unknown): Promise<void> {
    if (this.link === null || this.gone) throw new Error('the connection is closed')
    await this.link.send(JSON.stringify(payload))
  }

  private async request(method: string, params: readonly unknown[]): Promise<unknown> {
    const id = ++this.nextId
    const given = params.findLastIndex(param => param !== undefined) + 1
    const response = await this.rpc
      .timeout(this.timeoutMs, late => createJSONRPCErrorResponse(late, 0, '', TIMEOUT))
      .requestAdvanced({ jsonrpc: '2.0', method, params: params.slice(0, given), id })
    if (response.error === undefined) return response.result
    const { code, message, data } = response.error
    if (data instanceof Missing) {
      throw new NoAnswer(data.reason, this.endpoint, `no answer in ${this.timeoutMs} ms`)
    }
    // The library's own replies carry code 0, a node's never do.
    if (code === 0) {
      const late = message.startsWith('no answer in')
      throw new NoAnswer(late ? 'timeout' : 'closed', this.endpoint, message)
    }
    throw new Fault(code, message)
  }
}

const TIMEOUT = new Missing('timeout')
