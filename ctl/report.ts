/** What a command found out, before anybody decides how it is printed. */
import type { Answer } from '../rpc/fleet/fleet.ts'
import type { Line } from '../rpc/fleet/line.ts'
import { EXIT, exitOfFault } from './exit.ts'

/**
 * One row, tagged with its node. Member names are those of the machine formats: they are added to,
 * never renamed.
 */
export type Item = { readonly node: string } & Readonly<Record<string, unknown>>

export interface Column {
  readonly title: string
  readonly key: string
  /** Only with -o wide. */
  readonly wide?: boolean
  readonly right?: boolean
  /** For people; machine formats take the value as it is. */
  readonly show?: (value: unknown, item: Item) => string
}

export interface Report {
  /** Kind of the items in the envelope: Contact, Statistic ... */
  readonly kind: string
  readonly columns: readonly Column[]
  readonly items: readonly Item[]
  readonly answers: readonly Answer<unknown>[]
  /** The member that -o name prints. */
  readonly name: string
  /** For people, in place of the table. */
  readonly text?: readonly Line[]
  /** The exit code when every node answered: 1 for "not found". */
  readonly verdict?: number
  /** Sentences for standard error. */
  readonly remarks?: readonly string[]
  /** Did the answer leave something out? */
  readonly truncated?: boolean
  /** Rows are of the command itself and carry no NODE column. */
  readonly untagged?: boolean
  /** The format into a pipe, where none is asked for and another program will read it. */
  readonly piped?: 'tsv'
}

/** The rows of every node that answered, each tagged with its node. */
export function itemsOf<T>(
  answers: readonly Answer<T>[],
  rows: (value: T) => readonly Readonly<Record<string, unknown>>[],
): Item[] {
  return answers.flatMap(answer =>
    answer.ok ? rows(answer.value).map(row => ({ node: answer.node.name, ...row })) : [],
  )
}

export function exitCode({ answers, verdict }: Report): number {
  const failed = answers.filter(answer => !answer.ok)
  if (failed.length === 0) return verdict ?? EXIT.ok
  if (failed.length < answers.length) return EXIT.partial
  const fault = failed.find(({ failure }) => failure.kind === 'fault')
  return fault ? exitOfFault(fault.failure.code, fault.failure.message) : EXIT.unreachable
}

/**
 * Sentences for standard error about what nodes answered, each behind the names of the nodes that
 * it is about; of a single node it needs none.
 */
export function remarksAbout<T>(
  answers: readonly Answer<T>[],
  sentences: (value: T) => readonly string[],
): string[] {
  const names = new Map<string, string[]>()
  for (const answer of answers)
    if (answer.ok)
      for (const text of sentences(answer.value))
        names.set(text, [...(names.get(text) ?? []), answer.node.name])
  return [...names].map(([text, nodes]) =>
    answers.length > 1 ? `${nodes.join(' ')}: ${text}` : text,
  )
}

export const column = (
  title: string,
  key: string,
  more: Partial<Omit<Column, 'title' | 'key'>> = {},
): Column => ({ title, key, ...more })
export const rightColumn = (title: string, key: string, show?: Column['show']): Column =>
  show === undefined ? { title, key, right: true } : { title, key, right: true, show }
export const wideColumn = (title: string, key: string): Column => ({ title, key, wide: true })
