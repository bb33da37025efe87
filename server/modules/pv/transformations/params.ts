/** {param.*}: values of `a=1;b="x;y";c`. */
import type { PvValue, Transformation } from '../../../core/module/index.ts'
import { character, onText, whole } from './text-of.ts'

interface Named {
  readonly name: string
  readonly value: string
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a

/**
 * Reads all parameters; null when one does not parse. A comma outside quotes ends the list, as in
 * a header.
 */
export function readParams(text: string, separator: string): Named[] | null {
  if (text === '' || isBlank(text.charCodeAt(0))) return null
  const out: Named[] = []
  let at = 0
  while (at < text.length) {
    const found = readOne(text, at, separator)
    if (found === null) return null
    out.push(found.param)
    at = found.end
    if (text[at] !== separator) break
    at++
    while (at < text.length && isBlank(text.charCodeAt(at))) at++
  }
  return out
}

function readOne(
  text: string,
  from: number,
  separator: string,
): { param: Named; end: number } | null {
  let i = from
  while (i < text.length && text[i] !== '=' && text[i] !== separator && text[i] !== ',') i++
  const name = text.slice(from, i).trim()
  if (text[i] !== '=') return { param: { name, value: '' }, end: i }
  i++
  while (i < text.length && isBlank(text.charCodeAt(i))) i++
  const quote = text[i]
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, i + 1)
    if (close < 0) return null
    let end = close + 1
    while (end < text.length && isBlank(text.charCodeAt(end))) end++
    if (end < text.length && text[end] !== separator && text[end] !== ',') return null
    return { param: { name, value: text.slice(i + 1, close) }, end }
  }
  let end = i
  while (end < text.length && text[end] !== separator && text[end] !== ',') end++
  const value = text.slice(i, end).trim()
  return value === '' ? null : { param: { name, value }, end }
}

/** The separator is the last argument when it is given. */
const separatorOf = (arg: string | undefined): string =>
  arg === undefined || arg === '' ? ';' : character(arg)

const overParams = (
  doc: string,
  own: 0 | 1,
  run: (params: Named[], arg: string) => PvValue,
): Transformation =>
  onText(doc, [own, own + 1], (text, ...args) => {
    const params = readParams(text, separatorOf(args[own]))
    return params === null ? null : run(params, own === 0 ? '' : args[0]!)
  })

const named = (params: Named[], name: string): Named | undefined =>
  params.find(param => param.name.toLowerCase() === name.toLowerCase())

export const paramTransformations: Record<string, Transformation> = {
  value: overParams('The value of a parameter by its name.', 1, (params, name) => {
    return named(params, name)?.value ?? ''
  }),
  in: overParams('1 when there is a parameter with this name, else 0.', 1, (params, name) =>
    named(params, name) === undefined ? 0 : 1,
  ),
  valueat: overParams(
    'The value of the n-th parameter, from the end when negative.',
    1,
    (params, n) => params.at(whole(n))?.value ?? '',
  ),
  name: overParams(
    'The name of the n-th parameter, from the end when negative.',
    1,
    (params, n) => params.at(whole(n))?.name ?? '',
  ),
  count: overParams('How many parameters there are.', 0, params => params.length),
}
