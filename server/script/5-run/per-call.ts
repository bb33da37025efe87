/** Texts with a syntax of their own that are known only while a message is processed. */
import { BadValue } from '../../core/module/index.ts'

/** Stands for what could not be read. */
export const BAD = Symbol('malformed')

/** What was wrong with the text that was BAD last. */
export const bad = { why: '' }

/**
 * Remembers the last text: what is put together per call mostly stays the same from call to call.
 */
export function readPerCall<T = string>(parse: (given: T) => unknown): (given: T) => unknown {
  let last: T | null = null
  let value: unknown = BAD
  let why = ''
  return given => {
    if (given !== last) {
      try {
        value = parse(given)
      } catch (error) {
        if (!(error instanceof BadValue)) throw error
        value = BAD
        why = error.message
      }
      last = given
    }
    if (value === BAD) bad.why = why
    return value
  }
}
