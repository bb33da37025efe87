/** One call as the fleet saw it: who took part, in which order things happened, how it ended. */
import { type Arrow, type NodeTrace, orderArrows } from './arrows.ts'
import { type SipFacts, userOf } from './sip-facts.ts'

/** A column of the ladder: a node of the fleet, or somebody outside, known by address. */
export interface Lane {
  readonly key: string
  readonly node: boolean
  readonly addresses: readonly string[]
  readonly name: string
}

/** A log line that belongs to the call, written by a node while it treated one of its messages. */
export interface Note {
  readonly node: string
  /** Microseconds since 1970. */
  readonly time: number
  readonly text: string
  readonly failure: boolean
}

/** A note and the step that it stands behind; -1 is before the first. */
export type PlacedNote = Note & { readonly after: number }

export interface Outcome {
  /** In capitals: ANSWERED, BUSY 486, CANCELLED, REGISTERED ... */
  readonly word: string
  readonly kind: 'good' | 'bad' | 'open'
  /** Seconds from the answer to the BYE; null when there was no answer, or no end yet. */
  readonly talked: number | null
  /** Seconds from the INVITE to the first sign of ringing or final answer. */
  readonly postDialDelay: number | null
}

export interface Step {
  readonly arrow: Arrow
  readonly from: number
  readonly to: number
  /** '' or the number of the fork branch. */
  readonly branch: string
}

export interface Call {
  readonly callId: string
  readonly from: string
  readonly to: string
  readonly method: string
  readonly start: number
  readonly outcome: Outcome
  readonly lanes: readonly Lane[]
  readonly steps: readonly Step[]
  readonly notes: readonly PlacedNote[]
  readonly repeats: number
  readonly nodes: readonly string[]
  readonly skews: ReadonlyMap<string, number>
}

/** Null when no node has a message. All messages must have one Call-ID. */
export function buildCall(traces: readonly NodeTrace[], notes: readonly Note[] = []): Call | null {
  const { arrows, skews } = orderArrows(traces)
  const [first] = arrows
  if (first === undefined) return null
  const lanes = new Lanes(traces, arrows)
  const branches = forkNumbers(arrows)
  const steps = arrows.map(arrow => ({
    arrow,
    from: lanes.of(arrow.sentBy, arrow.src),
    to: lanes.of(arrow.receivedBy, arrow.dst),
    branch: branches.get(arrow.facts.branch) ?? '',
  }))
  return {
    callId: first.facts.callId,
    from: first.facts.status === 0 ? first.facts.from : first.facts.to,
    to: first.facts.to,
    method: first.facts.method || first.facts.cseqMethod,
    start: first.time,
    outcome: outcomeOf(steps),
    lanes: lanes.list(),
    steps,
    notes: placeNotes(steps, notes),
    repeats: arrows.filter(arrow => arrow.repeat > 1).length,
    nodes: traces.filter(({ messages }) => messages.length > 0).map(({ node }) => node),
    skews,
  }
}

/** Log lines are stamped to the millisecond, messages to the microsecond. */
const LOG_GRAIN_US = 1000

/**
 * A line is written while a node treats what it has received: it stands behind the last message
 * that the node had received by then, or by its time where that was long before.
 */
export function placeNotes(steps: readonly Step[], notes: readonly Note[]): PlacedNote[] {
  return notes
    .toSorted((a, b) => a.time - b.time)
    .map(note => {
      const cause = steps.findLastIndex(
        ({ arrow }) => arrow.receivedBy === note.node && arrow.time < note.time + LOG_GRAIN_US,
      )
      const isFresh = cause >= 0 && steps[cause]!.arrow.time >= note.time - LOG_GRAIN_US
      const byTime = steps.findLastIndex(({ arrow }) => arrow.time <= note.time)
      return { ...note, after: isFresh ? cause : byTime }
    })
    .toSorted((a, b) => a.after - b.after)
}

/** Lanes in the order in which they come into the call. */
class Lanes {
  private readonly nodeOf = new Map<string, string>()
  private readonly ipsOfNodes = new Set<string>()
  private readonly found = new Map<string, { index: number; node: boolean; addresses: string[] }>()
  private readonly names: Map<string, string>

  constructor(traces: readonly NodeTrace[], arrows: readonly Arrow[]) {
    for (const { node, listeners, messages } of traces) {
      const own = messages.map(({ direction, src, dst }) => (direction === 'in' ? dst : src))
      for (const address of [...listeners, ...own]) {
        this.nodeOf.set(address, node)
        this.ipsOfNodes.add(ipOf(address))
      }
    }
    this.names = namesOfPeers(arrows, (node, address) => this.keyOf(node, address))
  }

  of(node: string | null, address: string): number {
    const key = this.keyOf(node, address)
    let lane = this.found.get(key)
    if (lane === undefined) {
      lane = { index: this.found.size, node: key.startsWith('node '), addresses: [] }
      this.found.set(key, lane)
    }
    if (!lane.addresses.includes(address)) lane.addresses.push(address)
    return lane.index
  }

  list(): Lane[] {
    return [...this.found].map(([key, { node, addresses }]) => ({
      key,
      node,
      addresses,
      name: node ? key.slice('node '.length) : (this.names.get(key) ?? ipOf(addresses[0]!)),
    }))
  }

  /**
   * A host is one lane whatever its ports, unless many share the address (loopback, a node's own
   * host).
   */
  private keyOf(node: string | null, address: string): string {
    const known = node ?? this.nodeOf.get(address)
    if (known !== undefined) return `node ${known}`
    const ip = ipOf(address)
    const shared = /^127\.|^\[?::1/.test(ip) || this.ipsOfNodes.has(ip)
    return `peer ${shared ? address : ip}`
  }
}

const ipOf = (address: string): string => address.replace(/:\d+$/, '')

/**
 * Phones are called by their user. A peer that relays for others (more than one Via) keeps its
 * address.
 */
function namesOfPeers(
  arrows: readonly Arrow[],
  keyOf: (node: string | null, address: string) => string,
): Map<string, string> {
  const names = new Map<string, string>()
  const relays = new Set<string>()
  const claim = (key: string, address: string): void => {
    if (address !== '' && !names.has(key)) names.set(key, userOf(address))
  }
  for (const { src, dst, sentBy, receivedBy, facts } of arrows) {
    const [from, to] = [keyOf(sentBy, src), keyOf(receivedBy, dst)]
    if (facts.status === 0 && facts.viaCount > 1 && sentBy === null) relays.add(from)
    if (sentBy === null) claim(from, facts.status === 0 ? facts.from : facts.to)
    if (receivedBy === null) claim(to, facts.status === 0 ? facts.to : facts.from)
  }
  for (const key of relays) names.delete(key)
  return names
}

/** Numbers for the branches of requests that one hop sent several times in parallel or in turn. */
function forkNumbers(arrows: readonly Arrow[]): Map<string, string> {
  const forks = new Map<string, string[]>()
  for (const { facts, sentBy, src } of arrows) {
    if (facts.method !== 'INVITE' || facts.branch === '') continue
    const key = `${sentBy ?? src} ${facts.cseq}`
    const branches = forks.get(key) ?? []
    if (!branches.includes(facts.branch)) forks.set(key, [...branches, facts.branch])
  }
  const numbers = new Map<string, string>()
  for (const branches of forks.values())
    if (branches.length > 1)
      for (const [index, branch] of branches.entries()) numbers.set(branch, String(index + 1))
  return numbers
}

const WORDS: Record<number, string> = {
  404: 'NOT FOUND',
  408: 'NO ANSWER',
  480: 'UNAVAILABLE',
  486: 'BUSY',
  487: 'CANCELLED',
  600: 'BUSY',
  603: 'DECLINED',
}
/** Challenges: the caller tries again with credentials. */
const isChallenge = ({ status }: SipFacts): boolean => status === 401 || status === 407

/** What the one who began the call was told in the end. */
function outcomeOf(steps: readonly Step[]): Outcome {
  const [first] = steps
  const method = first!.arrow.facts.method || first!.arrow.facts.cseqMethod
  const caller = first!.from
  const told = steps.filter(
    ({ to, arrow }) => to === caller && arrow.facts.status > 0 && arrow.facts.cseqMethod === method,
  )
  const finals = told.filter(({ arrow }) => arrow.facts.status >= 200)
  const final = finals.find(({ arrow }) => !isChallenge(arrow.facts)) ?? finals.at(-1)
  const ringing = told.find(({ arrow }) => arrow.facts.status > 100 && !isChallenge(arrow.facts))
  const open = { talked: null, postDialDelay: null }
  if (method === 'INVITE') return callOutcome(steps, first!.arrow, ringing?.arrow, final?.arrow)
  if (final === undefined) return { ...open, word: 'NO REPLY', kind: 'open' }
  const { status } = final.arrow.facts
  const good = status < 300
  const word = good ? (method === 'REGISTER' ? 'REGISTERED' : 'OK') : `REFUSED ${status}`
  return { ...open, word, kind: good ? 'good' : 'bad' }
}

function callOutcome(
  steps: readonly Step[],
  invite: Arrow,
  ringing: Arrow | undefined,
  final: Arrow | undefined,
): Outcome {
  const sign = ringing ?? final
  const postDialDelay = sign ? (sign.time - invite.time) / 1e6 : null
  if (final === undefined)
    return { word: ringing ? 'RINGING' : 'TRYING', kind: 'open', talked: null, postDialDelay }
  const { status } = final.facts
  if (status >= 300) {
    const word = WORDS[status] ? `${WORDS[status]} ${status}` : `FAILED ${status}`
    return { word, kind: 'bad', talked: null, postDialDelay }
  }
  const bye = steps.find(({ arrow }) => arrow.facts.method === 'BYE')
  const talked = bye ? (bye.arrow.time - final.time) / 1e6 : null
  return { word: bye ? 'ANSWERED' : 'TALKING', kind: 'good', talked, postDialDelay }
}
