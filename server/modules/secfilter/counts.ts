/** How often the lists have decided. */
import type { Kind } from './lists.ts'

export type Header = 'from' | 'to' | 'contact'
type Part = 'name' | 'user' | 'domain'

/** One side, in the order of the statistics. */
const side = (): Map<string, number> =>
  new Map([
    ['user-agent', 0],
    ['country', 0],
    ['from domain', 0],
    ['to domain', 0],
    ['contact domain', 0],
    ['IP address', 0],
    ['from name', 0],
    ['to name', 0],
    ['contact name', 0],
    ['from user', 0],
    ['to user', 0],
    ['contact user', 0],
  ])

const WORDS: Readonly<Partial<Record<Kind, string>>> = {
  ua: 'user-agent',
  country: 'country',
  ip: 'IP address',
}

const count = (of: Map<string, number>, word: string): void =>
  void of.set(word, (of.get(word) ?? 0) + 1)

const rows = (of: ReadonlyMap<string, number>): string[] =>
  [...of].map(([word, number]) => `[+] By ${word.padEnd(14)}: ${number}`)

export class Counts {
  private refusals = side()
  private passes = side()
  destinations = 0
  injections = 0

  refused(kind: Kind): void {
    count(this.refusals, WORDS[kind]!)
  }

  allowed(kind: Kind): void {
    count(this.passes, WORDS[kind]!)
  }

  address(header: Header, part: Part, passed: boolean): void {
    count(passed ? this.passes : this.refusals, `${header} ${part}`)
  }

  reset(): void {
    this.refusals = side()
    this.passes = side()
    this.destinations = 0
    this.injections = 0
  }

  /** As Kamailio prints them, line by line. */
  lines(): string[] {
    return [
      '',
      'Blocked messages (blacklist)',
      '============================',
      ...rows(this.refusals),
      '',
      'Allowed messages (whitelist)',
      '============================',
      ...rows(this.passes),
      '',
      'Other blocked messages',
      '======================',
      `[+] Destinations   : ${this.destinations}`,
      `[+] SQL injection  : ${this.injections}`,
      '',
    ]
  }
}
