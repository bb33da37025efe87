// Reads a module's README.md, its manual page: which names each section documents.
import { read } from './source.ts'

/** Section title in lower case -> its lines. */
export type Manual = { title: string; sections: Map<string, string[]> }

export function readManual(path: string): Manual {
  const sections = new Map<string, string[]>()
  let title = ''
  let lines: string[] = []
  let fenced = false
  for (const line of read(path).split('\n')) {
    if (line.startsWith('```')) fenced = !fenced
    if (!fenced && line.startsWith('# ')) title = line.slice(2).trim()
    else if (!fenced && line.startsWith('## '))
      sections.set(line.slice(3).trim().toLowerCase(), (lines = []))
    else if (!fenced) lines.push(line)
  }
  return { title, sections }
}

/**
 * The names that a section documents: code at the start of a heading, of a list item, or in the
 * first cell of a table's row. `name(arguments)`, `$name(inner)` and `{name}` count as the name.
 */
export function documented(manual: Manual, ...titles: string[]): string[] {
  const lines = titles.flatMap(title => manual.sections.get(title) ?? [])
  return lines.flatMap(line => {
    const lead = /^(?:#{3,6} |[-*] |\|)\s*((?:`[^`]+`(?:\s*(?:,|\/|and|or)?\s*))+)/.exec(line)
    return [...(lead?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(code => nameIn(code[1] ?? ''))
  })
}

function nameIn(code: string): string {
  const event = /^event_route\[([^\]]+)\]/.exec(code)
  return event?.[1] ?? code.replace(/^[${]\(?/, '').replace(/[({[ ].*$|[)}]$/, '')
}
