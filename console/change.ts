/** A change on one node or several, and one line about what came of it on each. */
import type { Client } from '../rpc/client/client.ts'
import type { Tone } from '../rpc/fleet/line.ts'
import type { FleetModel } from './model/fleet-model.ts'
import type { NodeModel } from './model/node-model.ts'

export interface Change {
  readonly what: string
  readonly nodes: readonly NodeModel[]
  /** What it did, for the line; nothing where "done" says it all. */
  readonly run: (client: Client) => Promise<string | void>
}

/** `set core.debug = 3: n1 2 → 3, n2 2 → 3, n3 no answer in 2 s` */
export async function changes(
  fleet: FleetModel,
  { what, nodes, run }: Change,
): Promise<{ text: string; tone: Tone }> {
  const answers = await fleet.change(nodes, run)
  const each = answers.map(answer => {
    const result = answer.ok ? (answer.value ?? 'done') : `✗ ${answer.failure.message}`
    return `${answer.node.name} ${result}`
  })
  const good = answers.filter(answer => answer.ok).length
  const tone = good === answers.length ? 'good' : good > 0 ? 'warn' : 'bad'
  return { text: `${what}: ${each.join(', ')}`, tone }
}
