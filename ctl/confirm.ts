/**
 * Questions before a change: only where the fleet file says that a node is production, and never
 * without somebody to answer.
 */
import type { Fleet } from '../rpc/fleet/fleet.ts'
import type { Args } from './command.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'

/** Null when the change may be made, else the exit code. */
export async function confirm(
  io: Io,
  fleet: Fleet,
  args: Args,
  change: string,
): Promise<number | null> {
  const production = fleet.nodes.filter(({ environment }) => environment === 'prod')
  if (production.length === 0 || args.flag('yes')) return null
  const names = production.map(({ name }) => name)
  io.err(`will ${change} on ${names.join(', ')} (PROD)\n`)
  if (!io.canAsk || !args.flag('input')) {
    io.err('nobody to ask: repeat it with --yes\n')
    return EXIT.cancelled
  }
  // Of a single node its name, of several the name of the fleet.
  const word = names.length === 1 ? names[0]! : fleet.name
  const answer = await io.ask(`type ${word} to go on: `)
  if (answer.trim() === word) return null
  io.err('cancelled\n')
  return EXIT.cancelled
}
