/**
 * {val.*} and {num.*}: what to make of nothing, of texts for JSON, and of the digits of a number.
 */
import { since6, type PvValue, type Transformation } from '../../../core/module/index.ts'
import { onText, whole } from './text-of.ts'

const onAny = (doc: string, run: (value: PvValue) => PvValue): Transformation => ({
  doc,
  minArgs: 0,
  maxArgs: 0,
  run,
  since6: true,
})

/** Escaped for the inside of a JSON string; bytes beyond ASCII stay. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const json =
  (quote: string) =>
  (value: PvValue): PvValue => {
    if (value === null) return 'null'
    return typeof value === 'number' ? value : quote + escaped(value) + quote
  }

function digitAt(text: string, index: number): PvValue {
  const digit = text.replace(/^-/, '').at(index)
  return digit !== undefined && digit >= '0' && digit <= '9' ? Number(digit) : null
}

export const valueTransformations: Record<string, Transformation> = {
  n0: onAny('0 for nothing.', value => value ?? 0),
  ne: onAny('The empty text for nothing.', value => value ?? ''),
  json: onAny('Escaped for JSON; null for nothing.', json('')),
  jsonqe: onAny('Escaped for JSON and in quotes; null for nothing.', json('"')),
}

export const numberTransformations: Record<string, Transformation> = {
  fdigit: since6(
    onText('The first digit, or the n-th from the front.', [0, 1], (text, n) =>
      digitAt(text, Math.max(0, whole(n))),
    ),
  ),
  ldigit: since6(
    onText('The last digit, or the n-th from the back.', [0, 1], (text, n) =>
      digitAt(text, -1 - Math.max(0, whole(n))),
    ),
  ),
}
