/**
 * `--cfg-print`: a config with its includes in place and without the branches that do not count, as
 * Kamailio prints it. Defines and comments stay as they are written.
 */
import type { SourceFile } from './1-read/source.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const INCLUSION = /(?:#!|!!)?(?:include|import)_file[ \t]+(?:"[^"\n]*"|'[^'\n]*')/g

/** `files`: the config first, and all that it includes. */
export function printedConfig(files: readonly SourceFile[]): string {
  const [config] = files
  return config === undefined ? '' : printed(config, files)
}

function printed(file: SourceFile, files: readonly SourceFile[]): string {
  const edits = [...directiveEdits(file), ...inclusionEdits(file, files)]
  edits.sort((a, b) => a.start - b.start)
  let text = ''
  let at = 0
  for (const edit of edits) {
    // What is skipped begins at the end of the line that says so.
    if (edit.end <= at) continue
    text += file.text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return text + file.text.slice(at)
}

/** The lines of conditionals, and what they skip. */
function directiveEdits({ notes, text }: SourceFile): Edit[] {
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from)
    return end < 0 ? text.length : end + 1
  }
  return notes.flatMap(({ kind, start, end }) => {
    if (kind === 'skipped') return [{ start, end, text: '' }]
    if (kind === 'condition' || kind === 'else' || kind === 'endif')
      return [{ start, end: lineEnd(start), text: '' }]
    return []
  })
}

function inclusionEdits(file: SourceFile, files: readonly SourceFile[]): Edit[] {
  const notes = file.notes.filter(({ kind }) => kind === 'include')
  return [...file.text.matchAll(INCLUSION)].flatMap(found => {
    const start = found.index
    const end = start + found[0].length
    const note = notes.find(each => each.start >= start && each.start < end)
    if (note === undefined) return []
    const own = files.find(
      each => each.includedAt?.file === file && each.includedAt.start === note.start,
    )
    return [{ start, end, text: own === undefined ? '' : printed(own, files) }]
  })
}
