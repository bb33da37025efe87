/** Calls, the ladder of one, a message of it. */
import type { Arrow } from '../../rpc/fleet/arrows.ts'
import type { Call } from '../../rpc/fleet/call.ts'
import { drawLadder, duration, wallClock } from '../../rpc/fleet/ladder.ts'
import { userOf } from '../../rpc/fleet/sip-facts.ts'
import { type Line, type Tone, line, span } from '../../rpc/fleet/line.ts'
import { visible, visibleLines } from '../../rpc/fleet/visible.ts'
import { wrap } from './record.ts'
import type { Sheet, SheetRow, ViewState } from './sheet.ts'
import type { Column } from './table.ts'

const TONES: Record<Call['outcome']['kind'], Tone> = { good: 'good', bad: 'bad', open: 'info' }

export const callColumns: readonly Column<Call>[] = [
  {
    title: 'start',
    text: call => wallClock(call.start).slice(0, 12),
    value: call => call.start,
    tone: () => 'dim',
  },
  { title: 'method', text: call => call.method },
  { title: 'from', text: call => userOf(call.from), tone: () => 'accent', flexible: true },
  { title: 'to', text: call => userOf(call.to), tone: () => 'accent', flexible: true },
  { title: 'outcome', text: call => call.outcome.word, tone: call => TONES[call.outcome.kind] },
  {
    title: 'talked',
    right: true,
    text: ({ outcome: { talked } }) => (talked === null ? '' : duration(talked).slice(3)),
    value: ({ outcome: { talked } }) => talked ?? -1,
  },
  { title: 'nodes', text: call => call.nodes.join(' '), tone: () => 'info' },
  {
    title: 'again',
    right: true,
    text: call => (call.repeats === 0 ? '' : `×${call.repeats}`),
    value: call => call.repeats,
    tone: () => 'warn',
    wide: true,
  },
  { title: 'caller', text: call => call.from, wide: true, flexible: true },
  { title: 'called', text: call => call.to, wide: true, flexible: true },
  { title: 'call-id', text: call => call.callId, wide: true, flexible: true },
]

export const arrowKey = (arrow: Arrow): string =>
  `${arrow.src} ${arrow.dst} ${arrow.facts.branch} ${arrow.facts.cseq} ` +
  `${arrow.facts.method}${arrow.facts.status} ${arrow.repeat}`

export function callSheet(call: Call, state: ViewState, width: number): Sheet {
  const { clock, brief, unfold, scroll } = state
  const ladder = drawLadder(call, { width, clock, brief, unfold, scroll })
  const rows = ladder.rows.map(({ line: spans, arrow }, index) => ({
    key: arrow === null ? `log ${index}` : arrowKey(arrow),
    line: spans,
  }))
  return { head: ladder.head, rows, total: rows.length, note: '' }
}

/** A message as it was on the wire, header names set off from their values. */
export function messageSheet(call: Call, arrow: Arrow, width: number): Sheet {
  const step = call.steps.find(one => one.arrow === arrow)
  const names = step ? `${call.lanes[step.from]!.name} → ${call.lanes[step.to]!.name}` : ''
  const hop = `${arrow.proto} ${arrow.src} → ${arrow.dst}`
  const again = arrow.repeat > 1 ? `  again, number ${arrow.repeat}` : ''
  const head: Line[] = [
    [span(visible(names), 'accent'), span(`  ${visible(hop)}`), span(again, 'warn')],
    line(`${wallClock(arrow.time)}  ${arrow.text.length} bytes`, 'dim'),
  ]
  const lines = visibleLines(arrow.text.trimEnd())
  const body = lines.indexOf('')
  const rows = lines.flatMap((text, index) => {
    const isHeader = index > 0 && (body < 0 || index < body)
    return messageLine(text, width, index === 0, isHeader).map(
      (spans, part): SheetRow => ({ key: `${index} ${part}`, line: spans }),
    )
  })
  return { head, rows, total: rows.length, note: '', whole: arrow.text }
}

function messageLine(text: string, width: number, isFirst: boolean, isHeader: boolean): Line[] {
  const [first = '', ...more] = wrap(text, width)
  const rest = more.map(piece => line(`  ${piece}`))
  if (isFirst) return [line(first, 'strong'), ...rest]
  const colon = isHeader ? first.indexOf(':') : -1
  if (colon < 0) return [line(first), ...rest]
  return [[span(first.slice(0, colon + 1), 'info'), span(first.slice(colon + 1))], ...rest]
}
