/** One rule: when it matches, and what it makes of an input. */
import type { Formats } from '../../core/core.ts'
import { BadValue, type Format } from '../../core/module/index.ts'
import { compilePcre } from '../../core/pcre.ts'
import { groupsOf, joinPieces, type Piece, readReplacement } from '../../core/substitution.ts'
import type { SipMessage } from '../../sip/message.ts'
import { globToRegex } from '../../core/glob.ts'

export const EQUAL = 0
export const REGEX = 1
export const GLOB = 2

/** A row of the table. */
export interface RuleRow {
  readonly dpid: number
  readonly priority: number
  readonly matchOp: number
  readonly matchExp: string
  readonly matchLen: number
  readonly substExp: string
  readonly replExp: string
  readonly attrs: string
}

/** An expression of a row; with variables in it, it is compiled when it is used. */
type Expression = RegExp | ((msg: SipMessage) => RegExp | null)

const HAS_VARIABLE = /\$[A-Za-z(]/

/** Throws BadValue with the reason; `what` names the column in it. */
function readExpression(text: string, formats: Formats | null): Expression {
  if (formats === null || !HAS_VARIABLE.test(text)) return compilePcre(text)
  // The end of the input is no variable.
  const format: Format = formats.compile(text.replace(/\$(?![A-Za-z(])/g, '$$$$'))
  return msg => {
    try {
      return compilePcre(format(msg))
    } catch (error) {
      if (error instanceof BadValue) return null
      throw error
    }
  }
}

const compiled = (expression: Expression, msg: SipMessage): RegExp | null =>
  typeof expression === 'function' ? expression(msg) : expression

export class Rule {
  readonly row: RuleRow
  private readonly match: Expression | null
  private readonly subst: Expression | null
  private readonly pieces: readonly Piece[]

  /**
   * `dynamic`: expressions may have variables in them. Throws BadValue when the row is none that
   * could be used.
   */
  constructor(row: RuleRow, formats: Formats, dynamic: boolean) {
    this.row = row
    const variables = dynamic ? formats : null
    const { matchOp, matchExp, substExp, replExp } = row
    if (matchOp !== EQUAL && matchOp !== REGEX && matchOp !== GLOB)
      throw new BadValue(`unsupported match operator ${matchOp}`, '0, 1 or 2')
    this.match =
      matchOp === REGEX
        ? readExpression(matchExp, variables)
        : matchOp === GLOB
          ? globToRegex(matchExp)
          : null
    this.subst = substExp === '' ? null : readExpression(substExp, variables)
    const groups = this.subst instanceof RegExp ? groupsOf(this.subst) : this.subst === null ? 0 : 9
    this.pieces = readReplacement(replExp, '', groups, formats)
  }

  matches(msg: SipMessage, input: string): boolean {
    const { match, row } = this
    if (match === null) return input === row.matchExp
    return compiled(match, msg)?.test(input) ?? false
  }

  /** What it makes of the input: null when it cannot, '' when it leaves it as it is. */
  apply(msg: SipMessage, input: string): string | null {
    const { subst, row } = this
    if (row.replExp === '') return ''
    // Without an expression whose parts it could use, the replacement is a text as it stands.
    if (subst === null) return row.replExp
    const match = compiled(subst, msg)?.exec(input) ?? null
    return match === null ? null : joinPieces(this.pieces, msg, match)
  }
}
