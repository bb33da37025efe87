/** What a reload changed or would change, in few words. */
import type { Result } from '../rpc/contract/index.ts'
import type { Answer } from '../rpc/fleet/fleet.ts'
import { visible } from '../rpc/fleet/visible.ts'
import { remarksAbout } from './report.ts'

export type Changes = Omit<Result<'ohana.cfg.undo'>, 'generation' | 'undone'>

/** `+1 -0 ~2`: added, removed, changed. */
export const routesText = ({ added, removed, changed }: Changes['routes']): string =>
  `+${added.length} -${removed.length} ~${changed.length}`

/** `debug 2 -> 3`, or how many there are. */
export function changesText(rows: Changes['parameters']): string {
  const [first] = rows
  if (first === undefined) return '-'
  return rows.length === 1 ? changeText(first) : `${rows.length} values`
}

const changeText = ({ what, old, new: now }: Changes['parameters'][number]): string =>
  `${what} ${valueText(old)} -> ${valueText(now)}`

const valueText = (value: string | number | null): string =>
  value === null ? '(none)' : value === '' ? '""' : String(value)

/** For the question before it: what the first node would change, and whether the others differ. */
export function summaryOf(answers: readonly Answer<Changes>[]): string {
  const texts = new Set(answers.flatMap(answer => (answer.ok ? [summary(answer.value)] : [])))
  return texts.size === 1 ? [...texts][0]! : 'not the same on each'
}

const summary = ({ routes, parameters }: Changes): string =>
  `routes ${routesText(routes)}, ${parameters.length} values`

/** Sentences about what the config says and the node does not do. */
export const notesOf = (answers: readonly Answer<Changes>[]): string[] =>
  remarksAbout(answers, changes => notes(changes).map(visible))

const notes = ({ kept, restart_needed }: Changes): string[] => [
  ...kept.map(
    ({ what, value, config, at }) =>
      `${what} stays ${valueText(value)}, set by hand; ` +
      `the config says ${valueText(config)} (${at})`,
  ),
  ...restart_needed.map(row => `restart needed: ${changeText(row)} (${row.at})`),
]
