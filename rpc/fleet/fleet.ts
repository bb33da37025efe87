/**
 * Several nodes asked at once: each has the same deadline, and one that is silent is an answer too.
 */
import type { Client } from '../client/client.ts'
import type { MethodName, Params, Result } from '../contract/index.ts'
import { Fault, NoAnswer } from '../faults.ts'
import type { FleetNode } from './fleet-file.ts'

/** Why a node has no result: it said no (`fault` with its code), or nothing came. */
export interface Failure {
  readonly kind: 'fault' | 'timeout' | 'unreachable' | 'closed' | 'protocol'
  readonly code: number | string
  readonly message: string
}
export type Answer<T> =
  | { readonly node: FleetNode; readonly ok: true; readonly value: T; readonly ms: number }
  | { readonly node: FleetNode; readonly ok: false; readonly failure: Failure }

export type Connect = (
  endpoint: string,
  options: { timeoutMs: number; signal?: AbortSignal },
) => Promise<Client>

export class Fleet {
  readonly name: string
  readonly nodes: readonly FleetNode[]
  readonly timeoutMs: number
  private readonly connect: Connect
  private readonly clients = new Map<FleetNode, Promise<Client>>()

  constructor(name: string, nodes: readonly FleetNode[], connect: Connect, timeoutMs = 2000) {
    this.name = name
    this.nodes = nodes
    this.connect = connect
    this.timeoutMs = timeoutMs
  }

  /** One connection for each node, opened when first asked. */
  client(node: FleetNode): Promise<Client> {
    let client = this.clients.get(node)
    if (client === undefined) {
      client = this.connect(node.endpoint, { timeoutMs: this.timeoutMs })
      this.clients.set(node, client)
    }
    return client
  }

  /** A new connection, for when the old one is gone. */
  reconnect(node: FleetNode): Promise<Client> {
    this.drop(node)
    return this.client(node)
  }

  private drop(node: FleetNode): void {
    const client = this.clients.get(node)
    this.clients.delete(node)
    // A connection that never came about needs no closing.
    client?.then(open => open.close()).catch(() => undefined)
  }

  /**
   * Runs the work on every node at once; answers are in the order of the nodes. A node that fails
   * is an answer, no rejection.
   */
  each<T>(
    work: (client: Client, node: FleetNode) => Promise<T>,
    nodes: readonly FleetNode[] = this.nodes,
  ): Promise<Answer<T>[]> {
    return Promise.all(nodes.map(node => this.one(node, work)))
  }

  /** Calls one method on every node at once. */
  ask<N extends MethodName>(method: N, ...params: Params<N>): Promise<Answer<Result<N>>[]> {
    return this.each(client => client.call(method, ...params))
  }

  private async one<T>(
    node: FleetNode,
    work: (client: Client, node: FleetNode) => Promise<T>,
  ): Promise<Answer<T>> {
    const start = performance.now()
    try {
      const value = await withDeadline(
        this.client(node).then(client => work(client, node)),
        this.timeoutMs,
        node.endpoint,
      )
      return { node, ok: true, value, ms: performance.now() - start }
    } catch (error) {
      // What is silent once is not waited for again on the same connection.
      if (!(error instanceof Fault)) this.drop(node)
      return { node, ok: false, failure: failureOf(error, this.timeoutMs) }
    }
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const open = [...this.clients.values()]
    this.clients.clear()
    // A connection that never came about needs no closing.
    await Promise.all(
      open.map(client => client.then(ready => ready.close()).catch(() => undefined)),
    )
  }
}

/** The deadline counts from connecting to the last reply, however many calls the work makes. */
async function withDeadline<T>(work: Promise<T>, ms: number, endpoint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer('timeout', endpoint, noAnswerIn(ms))), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const noAnswerIn = (ms: number): string =>
  ms < 1000 ? `no answer in ${ms} ms` : `no answer in ${Number((ms / 1000).toFixed(1))} s`

/** What a thrown error means for the operator; an error of our own is thrown on. */
export function failureOf(error: unknown, timeoutMs: number): Failure {
  if (error instanceof Fault) return { kind: 'fault', code: error.code, message: error.message }
  if (!(error instanceof NoAnswer)) throw error
  const { reason } = error
  const texts: Record<string, string> = {
    timeout: noAnswerIn(timeoutMs),
    unreachable: `not reachable: ${error.message}`,
  }
  const message = texts[reason] ?? error.message
  return { kind: reason, code: reason, message }
}

/**
 * `2/3 nodes; n3: no answer in 2 s`, or an empty text when all answered. Nodes with the same
 * trouble share a sentence.
 */
export function partialNote(answers: readonly Answer<unknown>[]): string {
  const troubles = new Map<string, string[]>()
  for (const answer of answers)
    if (!answer.ok) {
      const { message } = answer.failure
      troubles.set(message, [...(troubles.get(message) ?? []), answer.node.name])
    }
  if (troubles.size === 0) return ''
  const good = answers.filter(answer => answer.ok).length
  const each = [...troubles].map(([message, names]) => `${names.join(' ')}: ${message}`)
  return [`${good}/${answers.length} nodes`, ...each].join('; ')
}
