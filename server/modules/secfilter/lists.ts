/** What is refused and what is let through, by kinds of value. */
import { BadValue } from '../../core/module/index.ts'

/** By the numbers of the table; the words of the RPC commands. */
export const KINDS = ['ua', 'country', 'domain', 'ip', 'user'] as const
export type Kind = (typeof KINDS)[number]

// ---- actions of the table
const REFUSE = 0
const ALLOW = 1
const DESTINATION = 2

/** Texts as they were written; they fit what begins with them, whatever the case. */
export class Entries {
  readonly texts: string[] = []
  private readonly lower: string[] = []

  add(text: string): void {
    this.texts.push(text)
    this.lower.push(text.toLowerCase())
  }

  fits(value: string): boolean {
    const lower = value.toLowerCase()
    return this.lower.some(entry => lower.startsWith(entry))
  }

  has(value: string): boolean {
    return this.lower.includes(value.toLowerCase())
  }

  /** Position of the first entry that one of the values begins with, and which value that is. */
  first(values: readonly string[]): number {
    const lowered = values.map(value => value.toLowerCase())
    for (const entry of this.lower) {
      const at = lowered.findIndex(value => value !== '' && value.startsWith(entry))
      if (at >= 0) return at
    }
    return -1
  }
}

export type ByKind = Readonly<Record<Kind, Entries>>

const byKind = (): ByKind => ({
  ua: new Entries(),
  country: new Entries(),
  domain: new Entries(),
  ip: new Entries(),
  user: new Entries(),
})

export class Lists {
  readonly refused = byKind()
  readonly allowed = byKind()
  readonly destinations = new Entries()

  /** A row of the table. Throws BadValue when it is none. */
  add(action: number, type: number, text: string): void {
    if (action === DESTINATION) {
      this.destinations.add(text)
      return
    }
    const kind = KINDS[type]
    if (kind === undefined) throw new BadValue(`Unknown type value ${type}`)
    if (action !== REFUSE && action !== ALLOW) throw new BadValue(`Unknown action value ${action}`)
    const side = action === ALLOW ? this.allowed : this.refused
    side[kind].add(text)
  }
}
