/** What can go wrong with a call, and Kamailio's sentences for it. */

/**
 * The answer "no" with its reason: thrown by handlers on the node, and by `client.call` at the
 * caller.
 */
export class Fault extends Error {
  override name = 'Fault'
  readonly code: number
  constructor(code: number, text: string) {
    super(text)
    this.code = code
  }
}

/**
 * Why no answer came: the endpoint could not be reached, it did not answer in time, or the
 * connection broke.
 */
export type NoAnswerReason = 'unreachable' | 'timeout' | 'closed' | 'protocol'

export class NoAnswer extends Error {
  override name = 'NoAnswer'
  readonly reason: NoAnswerReason
  readonly endpoint: string
  constructor(reason: NoAnswerReason, endpoint: string, text: string) {
    super(text)
    this.reason = reason
    this.endpoint = endpoint
  }
}

export const METHOD_NOT_FOUND = 500
export const methodNotFound = (): Fault => new Fault(METHOD_NOT_FOUND, 'Method Not Found')
/** Code 0 of a handler is told as this (jsonrpcs). */
export const EXECUTION_ERROR = -32000
