/** What looks like a preprocessor directive and is a comment. */
import { DIRECTIVES, isDirective } from '../1-read/tokens.ts'
import type { SourceFile } from '../1-read/source.ts'
import type { Report } from '../diagnostic.ts'
import { suggest } from './suggest.ts'

const MARKED = /^[ \t]*((?:#!|!!)([A-Za-z_]+))/gm
const MODES = ['SER', 'KAMAILIO', 'OPENSER', 'MAXCOMPAT', 'ALL']

/** Kamailio passes over directives that it does not know: a slip of the pen goes unnoticed. */
export function checkDirectives(files: readonly SourceFile[], report: Report): void {
  for (const file of files)
    for (const found of file.text.matchAll(MARKED)) {
      const [, whole = '', word = ''] = found
      const behind = file.text[found.index + found[0].length] ?? '\n'
      if (MODES.includes(word) || isDirective(word, behind)) continue
      const alike = suggest(word, DIRECTIVES)
      if (alike.length === 0) continue
      const start = found.index + found[0].length - whole.length
      const place = { file, start, end: start + whole.length }
      if (skipped(file, start)) continue
      const marked = alike.map(each => `#!${each}`)
      if (DIRECTIVES.includes(word)) report.warn(place, 'CFG_DIRECTIVE_BLANK', whole)
      else report.warn(place, 'CFG_DIRECTIVE_UNKNOWN', whole, marked)
    }
}

const skipped = (file: SourceFile, at: number): boolean =>
  file.notes.some(note => note.kind === 'skipped' && note.start <= at && at < note.end)
