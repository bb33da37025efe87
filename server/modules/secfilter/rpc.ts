/** secfilter.*: the lists as an operator sees and changes them. */
import { Fault } from '../../../rpc/faults.ts'
import { type ByKind, type Entries, type Kind, KINDS } from './lists.ts'
import type { SecFilter } from './secfilter.ts'

const TITLES: Readonly<Record<Kind, string>> = {
  ua: 'User-agent',
  country: 'Country',
  domain: 'Domain',
  ip: 'IP Address',
  user: 'User',
}

export async function reload({ table }: SecFilter): Promise<string> {
  try {
    await table.load('rpc secfilter.reload')
    return 'Data reloaded'
  } catch (error) {
    throw new Fault(500, `Error loading data from database: ${(error as Error).message}`)
  }
}

const heading = (title: string): string[] => ['', title, '='.repeat(title.length)]

const numbered = (word: string, { texts }: Entries): string[] => [
  `[+] ${word}`,
  '    -----------',
  ...texts.map((text, i) => `    ${String(i + 1).padStart(4, '0')} -> ${text}`),
]

const section = ({ lists }: SecFilter, kind: Kind): string[] => [
  ...heading(TITLES[kind]),
  ...numbered('Blacklisted', lists.refused[kind]),
  '',
  ...numbered('Whitelisted', lists.allowed[kind]),
]

const destinations = ({ lists }: SecFilter): string[] => [
  ...heading('Destinations'),
  ...numbered('Blacklisted', lists.destinations),
]

const kindOf = (word: string): Kind | null => KINDS.find(kind => kind === word) ?? null

/** One kind, the destinations, or all of them. */
export function print(self: SecFilter, word?: string): string[] {
  if (word === undefined)
    return [...KINDS.flatMap(kind => section(self, kind)), ...destinations(self), '']
  if (word === 'dst') return [...destinations(self), '']
  const kind = kindOf(word)
  return kind === null ? [''] : [...section(self, kind), '']
}

export const stats = ({ counts }: SecFilter): string[] => counts.lines()

export function resetStats({ counts }: SecFilter): string {
  counts.reset()
  return 'The statistics has been reset'
}

export function addDestination({ lists }: SecFilter, number: string): string {
  lists.destinations.add(number)
  return `Values (${number}) inserted into blacklist destinations`
}

function add(side: ByKind, word: string, value: string, failure: string): void {
  const kind = kindOf(word)
  if (kind === null) throw new Fault(500, failure)
  side[kind].add(value)
}

export function addRefused({ lists }: SecFilter, word: string, value: string): string {
  add(lists.refused, word, value, 'Error inserting values in the blacklist')
  return `Values (${word}, ${value}) inserted into blacklist`
}

export function addAllowed({ lists }: SecFilter, word: string, value: string): string {
  add(lists.allowed, word, value, 'Error insert values in the whitelist')
  return `Values (${word}, ${value}) inserted into whitelist`
}
