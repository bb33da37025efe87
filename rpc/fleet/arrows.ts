/**
 * One order for what several nodes saw. What one node sent and another received is one arrow with
 * two observations; a retransmission stays a message of its own. The order is the one of causes:
 * each node's own sequence, and a message is sent before it is received; clocks only decide what
 * these two leave open.
 */
import type { TopicData } from '../contract/index.ts'
import { type SipFacts, sipFacts } from './sip-facts.ts'

export type TracedMessage = TopicData<'trace'>

export interface NodeTrace {
  readonly node: string
  /** address:port of its listeners. */
  readonly listeners: readonly string[]
  readonly messages: readonly TracedMessage[]
}

interface Observation {
  readonly node: string
  readonly message: TracedMessage
  readonly arrow: Arrow
}

export interface Arrow {
  readonly src: string
  readonly dst: string
  readonly proto: string
  readonly text: string
  readonly facts: SipFacts
  /**
   * Who sent it and who received it, of the nodes asked; null for a phone, or a node that saw
   * nothing of it.
   */
  sentBy: string | null
  receivedBy: string | null
  /** Microseconds since 1970 by the clock of the first node, at the earlier observation. */
  time: number
  /** 1, or 2 and more for the same bytes again. */
  repeat: number
}

export interface Ordered {
  readonly arrows: readonly Arrow[]
  /**
   * Clock of a node minus the clock of the first one, microseconds; only those that were corrected.
   */
  readonly skews: ReadonlyMap<string, number>
}

/** Puts everything into one order. */
export function orderArrows(traces: readonly NodeTrace[]): Ordered {
  const observations = traces.flatMap(({ node, messages }) =>
    messages.map(message => ({ node, message })),
  )
  const paired = pair(observations)
  const skews = estimateSkews(traces, paired)
  const timeOf = ({ node, message }: Observation): number =>
    message.time_us - (skews.get(node) ?? 0)
  const arrows: Arrow[] = []
  const placed = new Set<Arrow>()
  for (const observation of causalOrder(traces, paired, timeOf)) {
    const { arrow } = observation
    if (placed.has(arrow)) continue
    placed.add(arrow)
    // A cause is never shown later than its effect, whatever the clocks say.
    arrow.time = Math.max(timeOf(observation), arrows.at(-1)?.time ?? 0)
    arrows.push(arrow)
  }
  countRepeats(arrows)
  return { arrows, skews }
}

type Seen = Pick<Observation, 'node' | 'message'>

const keyOf = ({ proto, src, dst, text }: TracedMessage): string =>
  `${proto} ${src} ${dst}\n${text}`

/** Joins the k-th sending of the same bytes over the same hop with their k-th receiving. */
function pair(observations: readonly Seen[]): Observation[] {
  const sent = new Map<string, Observation[]>()
  const result: Observation[] = []
  for (const { node, message } of observations.filter(seen => seen.message.direction === 'out')) {
    const arrow = newArrow(message)
    arrow.sentBy = node
    const observation = { node, message, arrow }
    const key = keyOf(message)
    sent.set(key, [...(sent.get(key) ?? []), observation])
    result.push(observation)
  }
  for (const { node, message } of observations.filter(seen => seen.message.direction === 'in')) {
    const sender = sent.get(keyOf(message))?.shift()
    const arrow = sender?.arrow ?? newArrow(message)
    arrow.receivedBy = node
    result.push({ node, message, arrow })
  }
  return result
}

function newArrow(message: TracedMessage): Arrow {
  const { src, dst, proto, text, time_us } = message
  const facts = sipFacts(text)
  return { src, dst, proto, text, facts, sentBy: null, receivedBy: null, time: time_us, repeat: 1 }
}

/** Smaller differences are travel time and scheduling. */
const NOTABLE_SKEW_US = 5000

/**
 * Clock offsets along the hops between nodes, as NTP takes them from the fastest message of each
 * direction.
 */
function estimateSkews(
  traces: readonly NodeTrace[],
  observations: readonly Observation[],
): Map<string, number> {
  const fastest = fastestHops(observations)
  const offsets = new Map<string, number>()
  const names = traces.map(({ node }) => node)
  for (const start of names) {
    if (offsets.has(start)) continue
    offsets.set(start, 0)
    const reached = [start]
    for (const from of reached)
      for (const to of names) {
        const there = fastest.get(`${from} ${to}`)
        const back = fastest.get(`${to} ${from}`)
        if (offsets.has(to) || (there === undefined && back === undefined)) continue
        offsets.set(to, offsets.get(from)! + offsetOf(there, back))
        reached.push(to)
      }
  }
  for (const [node, offset] of offsets) if (Math.abs(offset) < NOTABLE_SKEW_US) offsets.delete(node)
  return offsets
}

/**
 * How far the second clock is ahead. With one direction only, no more than what keeps the effect
 * after its cause.
 */
function offsetOf(there: number | undefined, back: number | undefined): number {
  if (there !== undefined && back !== undefined) return (there - back) / 2
  if (there !== undefined) return Math.min(0, there)
  return -Math.min(0, back!)
}

/** Shortest apparent travel time for each pair of nodes, by their own clocks. */
function fastestHops(observations: readonly Observation[]): Map<string, number> {
  const sentAt = new Map<Arrow, Observation>()
  for (const observation of observations)
    if (observation.message.direction === 'out') sentAt.set(observation.arrow, observation)
  const fastest = new Map<string, number>()
  for (const { node, message, arrow } of observations) {
    const sender = sentAt.get(arrow)
    if (message.direction === 'out' || sender === undefined || sender.node === node) continue
    const hop = `${sender.node} ${node}`
    const travel = message.time_us - sender.message.time_us
    fastest.set(hop, Math.min(travel, fastest.get(hop) ?? Infinity))
  }
  return fastest
}

/**
 * A linear order in which no node's sequence is broken and nothing is received before it is sent.
 */
function causalOrder(
  traces: readonly NodeTrace[],
  observations: readonly Observation[],
  timeOf: (observation: Observation) => number,
): Observation[] {
  const queues = traces.map(({ node }) =>
    observations
      .filter(observation => observation.node === node)
      .toSorted((a, b) => a.message.seq - b.message.seq),
  )
  const sent = new Set<Arrow>()
  const isReady = ({ message, arrow }: Observation): boolean =>
    message.direction === 'out' || arrow.sentBy === null || sent.has(arrow)
  const result: Observation[] = []
  while (result.length < observations.length) {
    const heads = queues.filter(queue => queue.length > 0)
    const ready = heads.filter(queue => isReady(queue[0]!))
    // Only contradicting traces leave none ready; then the clocks decide.
    const [next] = (ready.length > 0 ? ready : heads).toSorted(
      (a, b) => timeOf(a[0]!) - timeOf(b[0]!),
    )
    const observation = next!.shift()!
    if (observation.message.direction === 'out') sent.add(observation.arrow)
    result.push(observation)
  }
  return result
}

function countRepeats(arrows: readonly Arrow[]): void {
  const counts = new Map<string, number>()
  for (const arrow of arrows) {
    const key = `${arrow.proto} ${arrow.src} ${arrow.dst}\n${arrow.text}`
    arrow.repeat = (counts.get(key) ?? 0) + 1
    counts.set(key, arrow.repeat)
  }
}
