/** Many calls out of the traces of many nodes, with the log lines that belong to each. */
import type { Result, TopicData } from '../contract/index.ts'
import type { NodeTrace, TracedMessage } from './arrows.ts'
import { type Call, type Note, buildCall } from './call.ts'
import { visible } from './visible.ts'

/**
 * Cheap, for sorting thousands of messages by call; sipFacts reads the rest of those that are
 * shown.
 */
export function callIdOf(text: string): string {
  return /^(?:call-id|i)[ \t]*:[ \t]*(.*?)[ \t]*$/im.exec(text)?.[1] ?? ''
}

/** One call for each Call-ID, the newest first. */
export function callsOf(
  traces: readonly NodeTrace[],
  notes: (callId: string) => readonly Note[] = () => [],
): Call[] {
  const byId = new Map<string, Map<string, TracedMessage[]>>()
  for (const { node, messages } of traces)
    for (const message of messages) {
      const callId = callIdOf(message.text)
      const nodes = byId.get(callId) ?? new Map<string, TracedMessage[]>()
      byId.set(callId, nodes)
      const kept = nodes.get(node) ?? []
      nodes.set(node, kept)
      kept.push(message)
    }
  const calls: Call[] = []
  for (const [callId, nodes] of byId) {
    const own = traces.map(trace => ({ ...trace, messages: nodes.get(trace.node) ?? [] }))
    const call = buildCall(own, notes(callId))
    if (call !== null) calls.push(call)
  }
  return calls.toSorted((a, b) => b.start - a.start)
}

export interface NodeLog {
  readonly node: string
  readonly lines: readonly TopicData<'log'>[]
}

/**
 * Log lines that name the Call-ID, in their text or in log_prefix: the decisions of the script,
 * beside the messages.
 */
export function notesFor(callId: string, logs: readonly NodeLog[]): Note[] {
  if (callId === '') return []
  return logs.flatMap(({ node, lines }) =>
    lines
      .filter(({ text, prefix }) => prefix.includes(callId) || text.includes(callId))
      .map(({ time, level, source, text }) => ({
        node,
        time: time * 1000,
        text: saidBy(source, text),
        failure: level < 0,
      })),
  )
}

/** The text after who said it; a script's lines are many, and say so themselves. */
export function saidBy(source: string, text: string): string {
  const said = text.trim()
  const bare = said.startsWith(`${source}: `) ? said.slice(source.length + 2) : said
  return source === '<script>' ? bare : `${source}: ${bare}`
}

type Status = Pick<Result<'ohana.trace.status'>, 'enabled' | 'oldest_us' | 'wrapped'> & {
  readonly node: string
}

/**
 * What cannot be known of a call: nodes that switched their trace off, or had forgotten its
 * beginning.
 */
export function gapNotes(call: Call, statuses: readonly Status[]): string[] {
  return statuses.flatMap(({ node, enabled, oldest_us: oldest, wrapped }) => {
    if (!enabled) return [`${node}: the trace is switched off`]
    if (!wrapped || oldest === null || oldest <= call.start) return []
    return [
      visible(`${node}: older messages than ${new Date(oldest / 1000).toISOString()} are gone`),
    ]
  })
}
