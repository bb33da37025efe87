// Wraps comments that are wider than 100 columns, which the formatter leaves alone:
// node test/setup/wrap-comments.ts [FILE ...]; without a file, all of the project.
import { readFileSync, writeFileSync } from 'node:fs'
import { PARTS, sourceFiles } from '../kit/source.ts'

const COLUMNS = 100

/** A line of a comment: what stands before the text, and the text. */
const LINE = /^(\s*(?:\/\/|\*) )(\S.*)$/
const SHORT_DOC = /^(\s*)\/\*\* (.*) \*\/$/

/** Lines that keep their own place: items, tags, drawings, directives of tools. */
const FIXED = /^([-*@|#]|\d+[.)] |biome-ignore|oxlint-|eslint-|@ts-|=+$|`{3})/

/** The text with its comments wrapped; code is not touched. */
export function wrapComments(text: string): string {
  const lines = text.split('\n').flatMap(openLongDoc)
  const result: string[] = []
  for (let at = 0; at < lines.length; ) {
    const end = paragraphEnd(lines, at)
    const paragraph = lines.slice(at, end)
    const wide = paragraph.some(line => line.length > COLUMNS)
    result.push(...(wide ? reflow(paragraph) : paragraph))
    at = end
  }
  return result.join('\n')
}

/** A doc comment of one line that is too long gets lines of its own. */
function openLongDoc(line: string): string[] {
  const found = line.length > COLUMNS ? SHORT_DOC.exec(line) : null
  if (!found) return [line]
  const [, indent = '', text = ''] = found
  return [`${indent}/**`, `${indent} * ${text}`, `${indent} */`]
}

/** Where the comment paragraph that starts here ends; a line of code is a paragraph of its own. */
function paragraphEnd(lines: string[], start: number): number {
  const [, prefix, text = ''] = LINE.exec(lines[start] ?? '') ?? []
  if (prefix === undefined || FIXED.test(text)) return start + 1
  let end = start + 1
  for (; end < lines.length; end++) {
    const [, nextPrefix, nextText = ''] = LINE.exec(lines[end] ?? '') ?? []
    if (nextPrefix !== prefix || FIXED.test(nextText)) break
  }
  return end
}

function reflow(paragraph: string[]): string[] {
  const [, prefix, text = ''] = LINE.exec(paragraph[0] ?? '') ?? []
  if (prefix === undefined || FIXED.test(text)) return paragraph
  const words = paragraph.flatMap(line => line.slice(prefix.length).split(/ +/)).filter(Boolean)
  const result: string[] = []
  let line = ''
  for (const word of words) {
    if (line && prefix.length + line.length + 1 + word.length > COLUMNS) {
      result.push(prefix + line)
      line = ''
    }
    line += (line ? ' ' : '') + word
  }
  return [...result, prefix + line]
}

function main(): void {
  const given = process.argv.slice(2)
  for (const file of given.length > 0 ? given : sourceFiles(...PARTS, 'test')) {
    const before = readFileSync(file, 'utf8')
    const after = wrapComments(before)
    if (after === before) continue
    writeFileSync(file, after)
    console.log(`wrapped ${file}`)
  }
}

if (import.meta.main) main()
