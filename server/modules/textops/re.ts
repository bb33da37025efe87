/** The transformation {re.subst,/expression/replacement/flags}. */
import { BadValue, type PvValue } from '../../core/module.ts'
import { parseSubstitution, type Substitution } from '../../core/substitution.ts'
import type { SipMessage } from '../../sip/message.ts'

/** Expressions that were met; those with variables in them differ from message to message. */
const KEPT = 1024
const kept = new Map<string, Substitution | null>()

/** Variables in the expression are texts by the time that it comes here. */
const asWritten = { compile: (text: string) => () => text, pvar: noVariable }

function noVariable(text: string): never {
  throw new BadValue(`no variable can stand in a substitution by {re.subst}: ${text}`)
}

function substitutionFor(expression: string): Substitution | null {
  const known = kept.get(expression)
  if (known !== undefined) return known
  let made: Substitution | null
  try {
    made = parseSubstitution(expression, asWritten)
  } catch {
    made = null
  }
  if (kept.size >= KEPT) kept.clear()
  kept.set(expression, made)
  return made
}

/**
 * The value with the expression's matches replaced; null when the expression is malformed. A comma
 * in it is no separator.
 */
export function substituteValue(value: PvValue, ...args: string[]): PvValue {
  const substitution = substitutionFor(args.join(','))
  if (substitution === null) return null
  const text = value === null ? '' : String(value)
  return substitution.apply(NO_MESSAGE, text) ?? text
}

/** Nothing in a substitution by {re.subst} asks for the message: its replacement is a text. */
const NO_MESSAGE = null as unknown as SipMessage
