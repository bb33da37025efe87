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

/** Those of $shtcn and $shtcv: two characters before the text; null for others. */
export function signTest(expression: string): Test | null {
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
      return null
  }
}

export function count(table: HashTable, part: Part, test: Test): number {
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
