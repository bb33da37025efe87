/** Which contacts of a redirect are taken: expressions that accept or deny. */
import { BadValue } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE, LINES } from '../../core/regex.ts'

/** Expressions of one kind that count for a message, the one of the parameter among them. */
const MOST = 6

export const RESET_DEFAULT = 1
export const RESET_ADDED = 2

const RESETS: Readonly<Record<string, number>> = {
  '': 0,
  reset_all: RESET_DEFAULT | RESET_ADDED,
  reset_default: RESET_DEFAULT,
  reset_added: RESET_ADDED,
}

export function readReset(text: string): number {
  const reset = Object.hasOwn(RESETS, text) ? RESETS[text] : undefined
  if (reset === undefined) {
    const known = 'reset_all, reset_default, reset_added or nothing'
    throw new BadValue(`unknown reset type <${text}>`, known)
  }
  return reset
}

export const readExpression = (text: string): RegExp => compileRegex(text, IGNORE_CASE | LINES)

/** The expressions of one kind. */
export class FilterList {
  private readonly fromParameter: RegExp | null
  private useDefault = true
  private readonly added: RegExp[] = []

  constructor(fromParameter: string) {
    this.fromParameter = fromParameter === '' ? null : readExpression(fromParameter)
  }

  /** False when there are too many. */
  add(expression: RegExp, reset: number): boolean {
    if ((reset & RESET_DEFAULT) !== 0) this.useDefault = false
    if ((reset & RESET_ADDED) !== 0) this.added.length = 0
    const used = this.useDefault && this.fromParameter !== null ? 1 : 0
    if (this.added.length + used >= MOST) return false
    this.added.push(expression)
    return true
  }

  /** Only the parameter counts. */
  clear(): void {
    this.useDefault = true
    this.added.length = 0
  }

  matches(uri: string): boolean {
    const { fromParameter, added } = this
    if (this.useDefault && fromParameter !== null && fromParameter.test(uri)) return true
    for (const expression of added) if (expression.test(uri)) return true
    return false
  }
}
