/**
 * Pieces of JavaScript with what must be known to put them together: type, precedence, side
 * effects.
 */

/**
 * `bool` is 1 or 0 where Kamailio's integers are wanted; `some` is a string or a number, `any` may
 * be null as well.
 */
export type JsType = 'bool' | 'int' | 'str' | 'some' | 'any'

/** Precedence of JavaScript's operators, loosest first. */
export const CHOICE = 1
export const OR = 2
export const AND = 3
export const BIT_OR = 4
export const BIT_XOR = 5
export const BIT_AND = 6
export const EQUALITY = 7
export const RELATION = 8
export const SHIFT = 9
export const SUM = 10
export const PRODUCT = 11
export const UNARY = 12
export const PRIMARY = 13

export interface Js {
  readonly code: string
  readonly type: JsType
  readonly level: number
  /** A function or route is called in it: it may end the script. */
  readonly calls: boolean
  /** It may fail (a division by 0, a malformed expression), which must be asked for afterwards. */
  readonly risky: boolean
}

/** A piece made of others: it calls what they call and fails where they fail. */
export function js(code: string, type: JsType, level: number, ...parts: readonly Js[]): Js {
  return {
    code,
    type,
    level,
    calls: parts.some(part => part.calls),
    risky: parts.some(part => part.risky),
  }
}

export const primary = (code: string, type: JsType, ...parts: readonly Js[]): Js =>
  js(code, type, PRIMARY, ...parts)

/** The code, in parentheses when it binds looser than what it becomes a part of. */
export const within = (part: Js, level: number): string =>
  part.level < level ? `(${part.code})` : part.code

export function asInt(value: Js): Js {
  if (value.type === 'int') return value
  if (value.type === 'bool') return js(`${within(value, OR)} ? 1 : 0`, 'int', CHOICE, value)
  return primary(`int(${value.code})`, 'int', value)
}

export function asStr(value: Js): Js {
  if (value.type === 'str') return value
  if (value.type === 'bool') return js(`${within(value, OR)} ? "1" : "0"`, 'str', CHOICE, value)
  return primary(`str(${value.code})`, 'str', value)
}

/** As a value that can be kept: truth is 1 or 0. */
export const asValue = (value: Js): Js => (value.type === 'bool' ? asInt(value) : value)

/** Not 0, as `&&`, `||` and `!` ask. */
export function asTruth(value: Js): Js {
  if (value.type === 'bool') return value
  const number = asInt(value)
  return js(`${within(number, EQUALITY)} !== 0`, 'bool', EQUALITY, number)
}

/** 0, as `!` asks. */
export function negated(value: Js): Js {
  if (value.type === 'bool') return js(`!${within(value, UNARY)}`, 'bool', UNARY, value)
  const number = asInt(value)
  return js(`${within(number, EQUALITY)} === 0`, 'bool', EQUALITY, number)
}

/** More than 0, as `if` and `while` ask. */
export function asCondition(value: Js): Js {
  if (value.type === 'bool') return value
  const number = asInt(value)
  return js(`${within(number, RELATION)} > 0`, 'bool', RELATION, number)
}

/** A literal; byte strings have no character above 255. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).replace(
    /[\x7f-\xff]/g,
    char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return escaped
}

export function literal(value: number | string): Js {
  if (typeof value === 'string') return primary(quote(value), 'str')
  return js(String(value), 'int', value < 0 ? UNARY : PRIMARY)
}

/** What is left of a text when it must be a part of an identifier. */
export const identifierPart = (text: string): string =>
  text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')

const MOST_OF_A_NAME = 30

/** A name for what was made of a text: its first words. */
export function nameAfter(kind: string, text: string): string {
  const words = identifierPart(text)
  if (words === '') return kind
  const cut = words.slice(0, MOST_OF_A_NAME)
  // A word that does not fit goes whole, unless it is the only one.
  return `${kind}_${cut === words ? words : cut.replace(/(?<=.)_[^_]*$/, '')}`
}
