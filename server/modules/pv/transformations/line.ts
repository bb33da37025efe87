/** {line.*}: lines of a text, with CR LF or LF between them. */
import type { Transformation } from '../../../core/module/index.ts'
import { onText, whole } from './text-of.ts'

/** A line end at the very end of the text begins no further line. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export const lineTransformations: Record<string, Transformation> = {
  count: onText('How many lines there are, as a text.', 0, text =>
    text === '' ? null : String(linesOf(text).length),
  ),
  at: onText('The n-th line, from the end when negative.', 1, (text, n) =>
    text === '' ? null : (linesOf(text).at(whole(n)) ?? ''),
  ),
  sw: onText('The first line that starts with a text.', 1, (text, start) =>
    text === '' ? null : (linesOf(text).find(line => line.startsWith(start)) ?? ''),
  ),
}
