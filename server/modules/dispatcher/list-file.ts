/** The list of destinations as a file: `setid uri flags priority attributes`, # for comments. */
import { BadValue } from '../../core/module.ts'
import type { Row } from './destination.ts'

/** A longer line is cut, as Kamailio cuts it. */
const LONGEST_LINE = 1023

const LINE = /^(\d*)(?!\d)\s*([^\s#]+)\s*(?:#.*|(\d*)\s*(?:#.*|(\d*)\s*(?:#.*|(\S+).*)?)?)?$/

/** Throws BadValue with the number of the line that is none. */
export function readList(text: string): Row[] {
  const rows: Row[] = []
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.slice(0, LONGEST_LINE).trim()
    if (line === '' || line.startsWith('#')) continue
    const found = LINE.exec(line)
    if (found === null) throw new BadValue(`bad line [${line}] (line ${index + 1})`)
    const [, set, uri, flags, priority, attributes] = found
    rows.push({
      set: Number(set),
      uri: uri!,
      flags: Number(flags ?? 0),
      priority: Number(priority ?? 0),
      attributes: attributes ?? '',
      place: `line ${index + 1}`,
    })
  }
  return rows
}
