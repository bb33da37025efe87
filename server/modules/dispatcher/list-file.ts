/** The list of destinations as a file: `setid uri flags priority attributes`, # for comments. */
import { BadValue } from '../../core/module/index.ts'
import type { Row } from './destination.ts'

/** A longer line is cut, as Kamailio cuts it. */
const LONGEST_LINE = 1023

const LINE = /^(\d*)(?!\d)\s*([^\s#]+)\s*(?:#.*|(\d*)\s*(?:#.*|(\d*)\s*(?:#.*|(\S+).*)?)?)?$/

/** The lines that are no comments, with their numbers. */
export const listLines = (text: string): [line: string, number: number][] =>
  text
    .split('\n')
    .map((line, index): [string, number] => [line.slice(0, LONGEST_LINE).trim(), index + 1])
    .filter(([line]) => line !== '' && !line.startsWith('#'))

/** Throws BadValue when the line is none. */
export function readLine(line: string): Row {
  const found = LINE.exec(line)
  if (found === null) throw new BadValue(`bad line [${line}]`)
  const [, set, uri, flags, priority, attributes] = found
  return {
    set: Number(set),
    uri: uri!,
    flags: Number(flags ?? 0),
    priority: Number(priority ?? 0),
    attributes: attributes ?? '',
  }
}
