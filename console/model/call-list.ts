/**
 * The calls of the last minutes, out of messages that trickle in from several nodes. Only calls
 * that changed are built anew.
 */
import type { NodeTrace, TracedMessage } from '../../rpc/fleet/arrows.ts'
import { type Call, buildCall } from '../../rpc/fleet/call.ts'
import { callIdOf } from '../../rpc/fleet/calls.ts'

const MOST_CALLS = 500
/** A Call-ID that everybody uses must not eat our memory. */
const MOST_MESSAGES = 300

interface Entry {
  /** By node, then by sequence number: the same message may be fetched twice. */
  readonly messages: Map<string, Map<number, TracedMessage>>
  built: Call | null
  newest: number
}

export class CallList {
  private readonly entries = new Map<string, Entry>()
  private sorted: Call[] | null = []

  add(node: string, messages: readonly TracedMessage[]): void {
    for (const message of messages) {
      const entry = this.entryOf(callIdOf(message.text))
      const kept = entry.messages.get(node) ?? new Map<number, TracedMessage>()
      entry.messages.set(node, kept)
      if (kept.has(message.seq) || kept.size >= MOST_MESSAGES) continue
      kept.set(message.seq, message)
      entry.built = null
      entry.newest = Math.max(entry.newest, message.time_us)
    }
    if (messages.length > 0) this.sorted = null
    this.forget()
  }

  /** A node that was started anew has other messages under the same numbers. */
  dropNode(node: string): void {
    for (const [callId, entry] of this.entries) {
      if (!entry.messages.delete(node)) continue
      entry.built = null
      if (entry.messages.size === 0) this.entries.delete(callId)
    }
    this.sorted = null
  }

  /** The newest call first. */
  calls(listeners: ReadonlyMap<string, readonly string[]>): readonly Call[] {
    if (this.sorted !== null) return this.sorted
    const calls: Call[] = []
    for (const entry of this.entries.values()) {
      entry.built ??= buildCall(tracesOf(entry, listeners))
      if (entry.built !== null) calls.push(entry.built)
    }
    this.sorted = calls.toSorted((a, b) => b.start - a.start)
    return this.sorted
  }

  private entryOf(callId: string): Entry {
    let entry = this.entries.get(callId)
    if (entry === undefined) {
      entry = { messages: new Map(), built: null, newest: 0 }
      this.entries.set(callId, entry)
    }
    return entry
  }

  /** The calls that were silent for longest go first. */
  private forget(): void {
    if (this.entries.size <= MOST_CALLS * 1.2) return
    const byAge = [...this.entries].toSorted(([, a], [, b]) => a.newest - b.newest)
    for (const [callId] of byAge.slice(0, this.entries.size - MOST_CALLS))
      this.entries.delete(callId)
    this.sorted = null
  }
}

function tracesOf(entry: Entry, listeners: ReadonlyMap<string, readonly string[]>): NodeTrace[] {
  const nodes = [...new Set([...listeners.keys(), ...entry.messages.keys()])]
  return nodes.map(node => ({
    node,
    listeners: listeners.get(node) ?? [],
    messages: [...(entry.messages.get(node)?.values() ?? [])].toSorted((a, b) => a.seq - b.seq),
  }))
}
