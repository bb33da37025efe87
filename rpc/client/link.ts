/** One way to a node: it carries texts, knows nothing of calls. */
export interface Link {
  /** Whether the node may speak unasked (subscriptions). */
  readonly duplex: boolean
  /** Replies come in Kamailio's JSON: of several values only the last, members may repeat. */
  readonly kamailio: boolean
  /** Rejects when the text cannot be sent. */
  send(text: string): Promise<void>
  close(): Promise<void>
}

export interface LinkEvents {
  onText(text: string): void
  /** Once, after which nothing arrives; `error` null when the link was closed from here. */
  onClose(error: Error | null): void
}

/** Opens a link within `timeoutMs`; rejects with NoAnswer. */
export type OpenLink = (
  endpoint: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  events: LinkEvents,
) => Promise<Link>

/** A reply may be long: the whole location table is one. */
export const LONGEST_REPLY = 256 * 1024 * 1024
