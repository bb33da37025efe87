/** Names of parts of results as the config writes them. */
import type { Formats } from '../../core/core.ts'
import { BadValue, type PvValue } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SqlOps } from './sqlops.ts'

type Part = (self: SqlOps, msg: SipMessage) => PvValue
type Place = (msg: SipMessage) => number

const EXAMPLE = '$dbr(ra=>rows), $dbr(ra=>cols), $dbr(ra=>[0,1]), $dbr(ra=>colname[0])'

/** A number, or a variable that has one. */
function readPlace(text: string, formats: Formats): Place {
  if (text.startsWith('$')) {
    const handle = formats.pvar(text)
    return msg => Number(handle.get(msg) ?? -1)
  }
  if (!/^\d+$/.test(text)) throw new BadValue(`"${text}" is no row or column`, EXAMPLE)
  const number = Number(text)
  return () => number
}

/** `ra=>rows`, `ra=>[$var(i),0]`; throws BadValue. */
export function readPart(text: string, formats: Formats): Part {
  const [, name = '', part = ''] = /^\s*([^=\s]+)\s*=>\s*(.*?)\s*$/.exec(text) ?? []
  if (part === 'rows') return (self, msg) => self.resultOrNothing(msg, name).rows.length
  if (part === 'cols') return (self, msg) => self.resultOrNothing(msg, name).columns.length
  const column = /^colname\[\s*(.+?)\s*\]$/.exec(part)?.[1]
  if (column !== undefined) {
    const at = readPlace(column, formats)
    return (self, msg) => self.resultOrNothing(msg, name).columns[at(msg)] ?? null
  }
  // A variable may have a comma in its name: the one between the two has the same brackets around.
  const [, first = '', second = ''] = /^\[\s*(.+?)\s*,\s*([^,]+?)\s*\]$/.exec(part) ?? []
  if (second === '') throw new BadValue(`"${text}" is no part of a result`, EXAMPLE)
  const row = readPlace(first, formats)
  const cell = readPlace(second, formats)
  return (self, msg) => self.cell(msg, name, row(msg), cell(msg))
}
