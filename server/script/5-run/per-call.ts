/** Texts with a syntax of their own that are known only while a message is processed. */
import { BadValue } from '../../core/module.ts'

/** Stands for what could not be read. */
export const BAD = Symbol('malformed')

/**
 * Remembers the last text: what is put together per call mostly stays the same from call to call.
 */
export function readPerCall<T = string>(parse: (given: T) => unknown): (given: T) => unknown {
  let last: T | null = null
  let value: unknown = BAD
  return given => {
    if (given === last) return value
    try {
      value = parse(given)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      value = BAD
    }
    last = given
    return value
  }
}
