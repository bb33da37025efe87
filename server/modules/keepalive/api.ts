/** Destinations that are watched, as other modules use them (drouting). */
// ---- states of a destination
export const UNKNOWN = 0
export const UP = 1
export const DOWN = 2

/** Told when a destination goes up or down. */
export type StateListener = (uri: string, state: number) => void
/** Told the status of each reply to a ping; 408 when there was none. */
export type ReplyListener = (uri: string, code: number) => void

/** What became of a new destination. */
export const ADDED = 1
export const INVALID = -1
/** This owner has it already. */
export const KNOWN = -2

export interface KeepaliveApi {
  /** Watches a URI for `owner`; `seconds` 0 is ping_interval. ADDED, INVALID or KNOWN. */
  add(
    uri: string,
    owner: string,
    seconds?: number,
    onState?: StateListener,
    onReply?: ReplyListener,
  ): number
  /** False when this owner does not watch it. */
  remove(uri: string, owner: string): boolean
  /** Its state; null when nobody watches it. */
  state(uri: string): number | null
}
