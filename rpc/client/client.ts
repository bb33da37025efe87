/** What a console or a command line holds of one node. */
import type {
  MethodName,
  Params,
  Result,
  SubscribeOptions,
  Topic,
  TopicEvent,
} from '../contract/index.ts'

export interface Subscription {
  readonly topic: Topic
  /** Ends it here and at the node; calling it twice is harmless. */
  close(): Promise<void>
}

export interface Client {
  /** As it was given to `connect`. */
  readonly endpoint: string
  /** A method that this version knows. Rejects with Fault (the node said no) or NoAnswer. */
  call<N extends MethodName>(method: N, ...params: Params<N>): Promise<Result<N>>
  /** Any method; parameters and result as they are on the wire. */
  raw(method: string, params?: readonly unknown[]): Promise<unknown>
  /** News of a topic until the subscription or the client is closed. HTTP endpoints refuse it. */
  subscribe<T extends Topic>(
    topic: T,
    onEvent: (event: TopicEvent<T>) => void,
    options?: SubscribeOptions,
  ): Promise<Subscription>
  /**
   * Resolves when the connection is gone, with the reason; null when `close` was called. Never
   * rejects.
   */
  readonly closed: Promise<Error | null>
  /**
   * Ends the connection; calls under way reject with NoAnswer. Leaves no timer and no socket
   * behind.
   */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Longest time for connecting and for each call; 2000 when not given. */
  readonly timeoutMs?: number
  /** Gives up connecting. */
  readonly signal?: AbortSignal
}
