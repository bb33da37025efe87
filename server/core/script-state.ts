/** What a running script is at: how it goes on, and what it keeps outside of its message. */

/** Values of SipMessage.scriptState, and of Routes.ended. */
export const SCRIPT_RUNNING = 0
export const SCRIPT_EXIT = 1
export const SCRIPT_DROP = 2

/** Put away while a route waits, because other messages are routed meanwhile. */
export const progress = {
  /** Something in the statement has failed: a division by 0, a malformed expression. */
  failed: false,
  /** Calls of routes that may call themselves and have not ended. */
  depth: 0,
}
