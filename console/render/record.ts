/** One thing with all that is known of it: a name and a value a line, long values wrapped. */
import { type Line, type Tone, span } from '../../rpc/fleet/line.ts'
import { cut, visible, widthOf } from '../../rpc/fleet/visible.ts'
import type { SheetRow } from './sheet.ts'

export interface Field {
  readonly name: string
  readonly value: string
  readonly tone?: Tone
}

/** A title over fields. */
export interface Section {
  readonly title: string
  readonly fields: readonly Field[]
}

export function recordRows(sections: readonly Section[], width: number): SheetRow[] {
  const names = sections.flatMap(({ fields }) => fields.map(({ name }) => widthOf(name)))
  const left = Math.min(24, Math.max(0, ...names)) + 2
  const rows: SheetRow[] = []
  for (const [index, { title, fields }] of sections.entries()) {
    if (index > 0) rows.push(row(`${title} before`, []))
    if (title !== '') rows.push(row(title, [span(title, 'accent')]))
    for (const { name, value, tone = 'plain' } of fields)
      for (const [part, text] of wrap(visible(value), Math.max(10, width - left - 3)).entries())
        rows.push(
          row(`${title} ${name} ${part}`, [
            span(`  ${cut(part === 0 ? name : '', left - 2).padEnd(left)}`, 'dim'),
            span(text, tone),
          ]),
        )
  }
  return rows
}

const row = (key: string, line: Line): SheetRow => ({ key, line })

/**
 * Pieces of a visible text, none wider than the width; cut at a blank where there is one near the
 * end.
 */
export function wrap(text: string, width: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (widthOf(rest) > width) {
    const piece = cut(rest, width, '')
    const blank = piece.lastIndexOf(' ')
    const at = blank > width / 2 ? blank : piece.length
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at).trimStart()
  }
  return [...pieces, rest]
}
