/** Contacts of all nodes as rows. */
import type { Result } from '../../rpc/contract/index.ts'
import type { NodeModel } from './node-model.ts'

type Contacts = Result<'ul.lookup'>['Contacts']
export type ContactFields = Contacts[number]['Contact']

export interface Registration {
  readonly node: string
  readonly stale: boolean
  readonly table: string
  readonly aor: string
  /** Seconds left now, counted down since the node said it; a word where it does not run out. */
  readonly expires: number | string
  readonly contact: ContactFields
}

export const keyOf = ({ node, aor, contact }: Registration): string =>
  `${node} ${aor} ${contact.Address} ${contact.Ruid}`

export function registrations(nodes: readonly NodeModel[], now: number): Registration[] {
  return nodes.flatMap(model => {
    const known = model.feeds.registrations
    if (known === null) return []
    const age = Math.floor((now - known.at) / 1000)
    return known.value.Domains.flatMap(({ Domain }) =>
      Domain.AoRs.flatMap(row => {
        if (!('Info' in row)) return []
        const { AoR, Contacts } = row.Info
        return Contacts.map(({ Contact }) => ({
          node: model.name,
          stale: !model.isUp,
          table: Domain.Domain,
          aor: AoR,
          expires: secondsLeft(Contact.Expires, age),
          contact: Contact,
        }))
      }),
    )
  })
}

const secondsLeft = (expires: number | string, age: number): number | string =>
  typeof expires === 'number' ? Math.max(0, expires - age) : expires
