/** What the preprocessor did on a line: directives, branches that do not count, defines in use. */
import type { Condition, ReadNote } from '../1-read/notes.ts'
import type { Defines } from '../1-read/defines.ts'
import { type Place, positionText } from '../1-read/source.ts'
import type { Line } from './find.ts'

const notesOn = ({ file, number }: Line): ReadNote[] =>
  file.notes.filter(note => file.lineOf(note.start) === number)

/** Sentences for the directives on a line. */
export function directiveLines(line: Line, defines: Defines): string[] {
  return notesOn(line).flatMap(note => directiveLine(note, line, defines))
}

function directiveLine(note: ReadNote, { file }: Line, defines: Defines): string[] {
  switch (note.kind) {
    case 'define':
      if (note.value === null) return [`From here on ${note.name} is not defined.`]
      if (note.value === '') return [`Defines ${note.name}, without a value.`]
      return [`Defines ${note.name}: from here on it stands for ${note.value.trim()}`]
    case 'kept':
      return [`${note.name} is defined already and keeps its value: ${note.value || 'none'}`]
    case 'include':
      if (note.path === null) return [`There is no file ${note.name}: nothing is included.`]
      return [`Includes the file ${note.path}: it is read as if it stood here.`]
    case 'substitution':
      return [
        `From here on strings, variables and names of includes have ` +
          `${note.replacement || 'nothing'} in place of what matches ${note.pattern}`,
      ]
    case 'condition':
      return conditionLines(note.condition, defines)
    case 'else':
      return [`The other side of ${where(note.condition)}.`, countsLine(!note.condition.holds)]
    case 'endif':
      return [`The end of ${where(note.condition)}.`]
    case 'substituted':
      return [`After #!subst it reads: ${JSON.stringify(note.text).slice(1, -1)}`]
    default:
      return useLine(note, file.path)
  }
}

function useLine(note: ReadNote, file: string): string[] {
  if (note.kind !== 'use') return []
  const { name, text, at } = note.define
  const from = at === null ? 'the command line' : placeFrom(at, file)
  return [`${name} is a define of ${from} and stands for: ${text.trim()}`]
}

const placeFrom = (at: Place, file: string): string =>
  at.file.path === file ? `line ${at.file.lineOf(at.start)}` : positionText(at)

const where = ({ word, at }: Condition): string => `${word} in line ${at.file.lineOf(at.start)}`

const countsLine = (counts: boolean): string =>
  counts ? 'What follows counts.' : 'What follows does not count.'

function conditionLines(condition: Condition, defines: Defines): string[] {
  const { holds } = condition
  const what = holds ? 'What follows counts' : 'What follows does not count'
  return [`${what}: ${reason(condition, defines)}.`]
}

/** Why a condition holds or not. */
function reason({ word, holds }: Condition, defines: Defines): string {
  const [, kind, name = ''] = /^#!(ifdef|ifndef) *(.*)$/.exec(word) ?? []
  if (kind === undefined) return `the expression is ${holds ? 'true' : 'false'}`
  const defined = holds === (kind === 'ifdef')
  if (!defined) return `${name} is not defined (-A ${name} on the command line defines it)`
  const at = defines.get(name)?.at ?? null
  const from = at === null ? '' : ` in ${positionText(at)}`
  return `${name} is defined${from}`
}

/** Why the line does not count; '' when it does. */
export function skippedText({ file, number }: Line, defines: Defines): string {
  const note = file.notes.find(
    each =>
      each.kind === 'skipped' &&
      file.lineOf(each.start) < number &&
      number <= file.lineOf(Math.max(each.start, each.end - 1)),
  )
  if (note?.kind !== 'skipped') return ''
  return `This line does not count. It belongs to ${where(note.condition)}: ${reason(
    note.condition,
    defines,
  )}.`
}
