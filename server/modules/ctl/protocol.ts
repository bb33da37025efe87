/** What the two protocols of ctl have in common for the sockets that carry them. */
import type { Caller } from '../../core/rpc/registry.ts'

/** Cuts a stream into requests. */
export interface StreamReader {
  /** The requests that are complete now; null when the stream makes no sense any more. */
  push(chunk: Buffer): Buffer[] | null
}

export interface Protocol {
  /** As ctl.who and ctl.listen name it. */
  readonly name: 'binrpc' | 'fifo'
  reader(): StreamReader
  /** One request in, its reply out; null when there is no reply. Never rejects. */
  answer(request: Buffer, caller: Caller): Promise<Buffer | null>
}
