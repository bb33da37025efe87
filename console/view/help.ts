import { type Line, line, span } from '../../rpc/fleet/line.ts'
import { keyRows, keySign } from '../keys.ts'
import { paletteRows } from '../palette-rows.ts'
import type { SheetRow } from '../render/sheet.ts'
import type { View } from '../view.ts'

const KEY_WIDTH = 18

function helpLines(): Line[] {
  const lines: Line[] = []
  for (const group of ['Move', 'Look', 'Act', 'Go'] as const) {
    lines.push(line(group, 'accent'))
    for (const { keys, doc, views } of keyRows.filter(row => row.group === group)) {
      const signs = keys.map(keySign).join(' ')
      const where = views === undefined || views.length > 3 ? '' : `  (${views.join(', ')})`
      lines.push([span(`  ${signs.padEnd(KEY_WIDTH)}`, 'strong'), span(doc), span(where, 'dim')])
    }
    lines.push([])
  }
  lines.push(line('After :', 'accent'))
  for (const { words, doc } of paletteRows)
    lines.push([span(`  ${words.padEnd(KEY_WIDTH + 6)}`, 'strong'), span(doc)])
  return lines
}

export const helpView: View = {
  name: 'help',
  title: 'Help',
  doc: 'Every key and every command.',
  aliases: ['h', '?'],
  isTop: false,
  feeds: [],
  sheet: ({ state }) => {
    const wanted = state.filter.toLowerCase()
    const rows = helpLines().map((spans, index): SheetRow => ({ key: String(index), line: spans }))
    const shown = rows.filter(({ line: spans }) =>
      spans
        .map(({ text }) => text)
        .join('')
        .toLowerCase()
        .includes(wanted),
    )
    return { head: [], rows: shown, total: rows.length, note: '' }
  },
}
