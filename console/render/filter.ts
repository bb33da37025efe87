/**
 * The filter that is typed after `/`: words that a row must contain, `!` before it for rows that do
 * not match, and conditions on one column (`expires<60`, `node=n1`, `contact~^sip:`), all of them
 * at once.
 */

export interface Cell {
  readonly text: string
  /** What is compared, where the text says it in other words: seconds, not `5m`. */
  readonly value: number | string
}
/** The cells of a row by the title of their column, in lower case. */
export type Cells = ReadonlyMap<string, Cell>

export interface Filter {
  readonly text: string
  /** Why it cannot be used; '' when it can. */
  readonly error: string
  matches(cells: Cells): boolean
}

type Test = (cells: Cells) => boolean

const CONDITION = /^([\w/.-]+?)(!=|!~|<=|>=|=|~|<|>)(.*)$/

/** `columns` are the titles that conditions may name. */
export function parseFilter(text: string, columns: readonly string[]): Filter {
  const inverse = text.startsWith('!')
  const words = (inverse ? text.slice(1) : text).split(/\s+/).filter(word => word !== '')
  const tests: Test[] = []
  for (const word of words) {
    const test = testFor(word, columns)
    if (typeof test === 'string') return { text, error: test, matches: () => true }
    tests.push(test)
  }
  const all = (cells: Cells): boolean => tests.every(test => test(cells))
  const none = words.length === 0
  return { text, error: '', matches: cells => none || all(cells) !== inverse }
}

/** A test, or the sentence about what is wrong. */
function testFor(word: string, columns: readonly string[]): Test | string {
  const [, name = '', operator = '', wanted = ''] = CONDITION.exec(word) ?? []
  if (operator === '') return containing(word)
  const column = name.toLowerCase()
  const titles = columns.map(title => title.toLowerCase())
  // `a=b` may also be what somebody looks for in a header.
  if (!titles.includes(column)) return `no column ${name}; there are ${titles.join(' ')}`
  if (operator.endsWith('~')) return matching(column, wanted, operator === '~')
  return cells => compare(cells.get(column)?.value ?? '', operator, wanted)
}

function containing(word: string): Test {
  const wanted = word.toLowerCase()
  return cells => {
    for (const { text } of cells.values()) if (text.toLowerCase().includes(wanted)) return true
    return false
  }
}

function matching(column: string, pattern: string, wanted: boolean): Test | string {
  try {
    const expression = new RegExp(pattern, 'i')
    return cells => expression.test(cells.get(column)?.text ?? '') === wanted
  } catch {
    return `${pattern} is no regular expression`
  }
}

/** Numbers are compared as numbers, with their units: 5m, 1.2k, 90%. */
export function numberIn(text: string): number | null {
  const [, number = '', unit = ''] = /^(-?\d+(?:\.\d+)?)\s*(k|M|G|%|ms|s|m|h|d)?$/.exec(text) ?? []
  if (number === '') return null
  const factors: Record<string, number> = {
    k: 1e3,
    M: 1e6,
    G: 1e9,
    ms: 0.001,
    m: 60,
    h: 3600,
    d: 86_400,
  }
  return Number(number) * (factors[unit] ?? 1)
}

function compare(value: number | string, operator: string, wanted: string): boolean {
  const [a, b] = [typeof value === 'number' ? value : numberIn(value.trim()), numberIn(wanted)]
  const order = a !== null && b !== null ? a - b : String(value).localeCompare(wanted)
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '>':
      return order > 0
    case '<=':
      return order <= 0
    default:
      return order >= 0
  }
}
