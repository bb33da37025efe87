/** The lines of the mapping file: sections `[table:name]`, in them `key = value`. */
import { BadValue } from '../../core/module/index.ts'

export interface Setting {
  readonly key: string
  readonly value: string
  readonly line: number
}

export interface Section {
  /** `connection` or `table`. */
  readonly kind: string
  readonly name: string
  readonly line: number
  readonly settings: Setting[]
}

const KINDS = ['connection', 'table']

/** A mistake, at its place. */
export const wrongAt = (path: string, line: number, text: string, hint = ''): BadValue =>
  new BadValue(`${path}:${line}: ${text}`, hint)

/** Throws BadValue. */
export function readSections(text: string, path: string): Section[] {
  const sections: Section[] = []
  for (const [at, whole] of text.split('\n').entries()) {
    const line = whole.trim()
    if (line === '' || line.startsWith('#')) continue
    const wrong = (why: string, hint = ''): BadValue => wrongAt(path, at + 1, why, hint)
    if (line.startsWith('[')) {
      const made: Section = { ...readHead(line, wrong), line: at + 1, settings: [] }
      const twin = sections.find(({ kind, name }) => kind === made.kind && name === made.name)
      if (twin !== undefined)
        throw wrong(`[${made.kind}:${made.name}] is there already, in line ${twin.line}`)
      sections.push(made)
      continue
    }
    const [, key, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === undefined) throw wrong(`not understood: ${line}`, 'key = value')
    const section = sections.at(-1)
    if (section === undefined) throw wrong(`${key} stands in no section`, '[table:name]')
    section.settings.push({ key, value: readValue(value, wrong), line: at + 1 })
  }
  return sections
}

type Wrong = (why: string, hint?: string) => BadValue

function readHead(line: string, wrong: Wrong): { kind: string; name: string } {
  const sample = '[connection:name] or [table:name]'
  const end = line.indexOf(']')
  if (end < 0) throw wrong("Missing closing ']'.", sample)
  const [kind = '', ...rest] = line.slice(1, end).split(':')
  const name = rest.join(':').trim()
  if (kind.trim() === '') throw wrong('Section type missing', sample)
  if (!KINDS.includes(kind.trim())) throw wrong(`Invalid section type '${kind.trim()}'`, sample)
  if (rest.length === 0) throw wrong("Delimiter ':' expected.", sample)
  if (name === '') throw wrong('Section identifier expected', sample)
  if (/^[^#]/.test(line.slice(end + 1).trim())) throw wrong(`not understood: ${line}`, sample)
  return { kind: kind.trim(), name }
}

/** What stands in quotes is taken as it is; else a comment may follow. */
function readValue(text: string, wrong: Wrong): string {
  if (!text.startsWith('"')) return text.replace(/#.*$/, '').trim()
  const [, quoted, rest = ''] = /^"((?:[^"\\]|\\.)*)"\s*(.*)$/.exec(text) ?? []
  if (quoted === undefined || /^[^#]/.test(rest)) throw wrong(`no closing quote: ${text}`)
  // Filters have backslashes of their own (RFC 4515), which stay.
  return quoted.replace(/\\(["\\])/g, '$1')
}
