/** What to count, match or remove: names or values by an operator. */
import { IGNORE_CASE, LINES, regexFor } from '../../core/regex.ts'
import type { HashTable, Item } from './table.ts'

export type Test = (text: string) => boolean

/** Which part of an item is looked at; numbers are no texts and match nothing. */
export type Part = (item: Item) => string | null
export const nameOf: Part = item => item.name
export const textOf: Part = item => (typeof item.value === 'string' ? item.value : null)

/** null when the expression is malformed. */
export function regexTest(pattern: string): Test | null {
  const regex = regexFor(pattern, IGNORE_CASE | LINES)
  return regex === null ? null : text => regex.test(text)
}

/** The operators of sht_match_*, sht_has_* and sht_rm_*; null for another one. */
export function wordTest(operator: string, wanted: string): Test | null {
  switch (operator) {
    case 'eq':
      return text => text === wanted
    case 'ne':
      return text => text !== wanted
    case 're':
      return regexTest(wanted)
    case 'sw':
      return text => text.startsWith(wanted)
    // Kamailio 6 added these two.
    case 'ew':
      return text => text.endsWith(wanted)
    case 'in':
      return text => text.includes(wanted)
    default:
      return null
  }
}

/** The whole number at the beginning of a text; 0 without one. */
const leadingNumber = (text: string): number => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0)

/**
 * What $shtcn and $shtcv count: two characters before the text say how to look for it, `**` counts
 * all, `eq` the values that are this number; without any of them it is an expression.
 */
export function countBySign(table: HashTable, part: Part, expression: string): number {
  if (expression === '**') return table.size
  if (expression.startsWith('eq'))
    return part === textOf ? countNumber(table, leadingNumber(expression.slice(2))) : 0
  const test = signTest(expression)
  return test === null ? 0 : count(table, part, test)
}

function countNumber(table: HashTable, wanted: number): number {
  let found = 0
  for (const { value } of table.items.values()) if (value === wanted) found++
  return found
}

function signTest(expression: string): Test | null {
  const wanted = expression.slice(2)
  switch (expression.slice(0, 2)) {
    case '~~':
      return wanted === '' ? null : regexTest(wanted)
    case '~%':
      return wanted === '' ? null : text => text.endsWith(wanted)
    case '%~':
      return wanted === '' ? null : text => text.startsWith(wanted)
    case '==':
      return text => text === wanted
    default:
      return regexTest(expression)
  }
}

function count(table: HashTable, part: Part, test: Test): number {
  let found = 0
  for (const item of table.items.values()) {
    const text = part(item)
    if (text !== null && test(text)) found++
  }
  return found
}

export function has(table: HashTable, part: Part, test: Test): boolean {
  for (const item of table.items.values()) {
    const text = part(item)
    if (text !== null && test(text)) return true
  }
  return false
}

export function removeWhere(table: HashTable, part: Part, test: Test): void {
  for (const item of table.items.values()) {
    const text = part(item)
    if (text !== null && test(text)) table.remove(item.name)
  }
}
