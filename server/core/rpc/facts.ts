/**
 * What the core's commands tell about the node that no part of the core knows: handed in when the
 * node is put together.
 */
export interface ConnectionFacts {
  readonly id: number
  /** TCP, TLS, WS or WSS. */
  readonly type: string
  readonly state: string
  /** Seconds until it is dropped when nobody uses it. */
  readonly timeout: number
  /** Seconds without use until it is dropped. */
  readonly lifetime: number
  readonly remoteIp: string
  readonly remotePort: number
  readonly localIp: string
  readonly localPort: number
}

export interface NodeFacts {
  /** Of Ohana: `0.1.0`. */
  readonly version: string
  /** `x86_64/linux`. */
  readonly platform: string
  /** Preprocessor names of the config in the order of their definition; null without a value. */
  defines(): readonly (readonly [name: string, value: string | null])[]
  connections(): readonly ConnectionFacts[]
  /** Bytes waiting to be sent over connections. */
  queuedBytes(): number
  state(): 'starting' | 'running' | 'stopping'
}
