/** Log lines of all nodes. */
import { type Line, type Tone, span } from '../../rpc/fleet/line.ts'
import { saidBy } from '../../rpc/fleet/calls.ts'
import { cut, visible } from '../../rpc/fleet/visible.ts'
import type { LogLine, NodeModel } from '../model/node-model.ts'
import { parseFilter } from './filter.ts'
import type { Section } from './record.ts'
import type { Sheet, SheetRow, ViewState } from './sheet.ts'

export interface NodeLogLine {
  readonly node: string
  readonly line: LogLine
}

/** The lines of some nodes in the order of time; lines of one node keep their order. */
export function mergedLog(nodes: readonly NodeModel[]): NodeLogLine[] {
  const all = nodes.flatMap(({ name, log }) => log.map(line => ({ node: name, line })))
  return all.toSorted((a, b) => a.line.time - b.line.time)
}

export const logKey = ({ node, line }: NodeLogLine): string => `${node} ${line.time} ${line.seq}`

export function levelTone(level: number): Tone {
  if (level < 0) return 'bad'
  if (level === 0) return 'warn'
  return level >= 3 ? 'dim' : 'plain'
}

export const clockOf = (time: number): string => {
  const date = new Date(time)
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const COLUMNS = ['node', 'level', 'source', 'text']

export function logSheet(
  lines: readonly NodeLogLine[],
  state: ViewState,
  width: number,
  tagged: boolean,
): Sheet {
  const filter = parseFilter(state.filter, COLUMNS)
  const shown = state.filter === '' ? lines : lines.filter(entry => filter.matches(cellsOf(entry)))
  const names = tagged ? lines.reduce((most, { node }) => Math.max(most, node.length), 0) : 0
  const empty = lines.length === 0 ? 'no line yet' : `nothing matches /${state.filter}`
  return {
    head: [],
    rows: shown.map(entry => new LogRow(entry, width, names)),
    total: lines.length,
    note: filter.error !== '' ? filter.error : shown.length === 0 ? empty : '',
  }
}

/** Laid out when it is looked at: there are thousands. */
class LogRow implements SheetRow {
  private readonly entry: NodeLogLine
  private readonly width: number
  private readonly names: number

  constructor(entry: NodeLogLine, width: number, names: number) {
    this.entry = entry
    this.width = width
    this.names = names
  }

  get key(): string {
    return logKey(this.entry)
  }

  get line(): Line {
    return logLine(this.entry, this.width, this.names)
  }
}

function cellsOf({ node, line }: NodeLogLine) {
  const texts = [node, line.name, line.source, `${line.prefix}${line.text}`]
  return new Map(
    COLUMNS.map((name, index) => [name, { text: texts[index]!, value: texts[index]! }]),
  )
}

const LEVEL_WIDTH = 8

function logLine({ node, line }: NodeLogLine, width: number, names: number) {
  const clock = clockOf(line.time)
  const tag = names > 0 ? `${node.padEnd(names)}  ` : ''
  const level = line.name.padEnd(LEVEL_WIDTH)
  const room = Math.max(10, width - clock.length - tag.length - level.length - 4)
  const text = cut(visible(saidBy(line.source, line.text)), room)
  const tone = levelTone(line.level)
  return [
    span(`${clock}  `, 'dim'),
    span(tag, 'info'),
    span(level, tone === 'plain' ? 'dim' : tone),
    span('  '),
    span(text, tone),
  ]
}

/** Enter on a line shows all of it. */
export function logSections({ node, line }: NodeLogLine): Section[] {
  return [
    {
      title: `${line.name} on ${node}`,
      fields: [
        { name: 'time', value: new Date(line.time).toISOString() },
        { name: 'source', value: line.source },
        { name: 'prefix', value: line.prefix },
        { name: 'text', value: line.text, tone: levelTone(line.level) },
      ],
    },
  ]
}
