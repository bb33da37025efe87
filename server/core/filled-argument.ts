/** Arguments of config functions that must not be empty. */
import { BadValue, type Arg } from './module/index.ts'

/** What a variable without a value is as a text. */
const NO_VALUE = '<null>'

/** Is an argument empty, or a variable without a value? */
export const isMissing = (text: string): boolean => text === '' || text === NO_VALUE

/** The argument, which must not be written as "". */
export const filled = <T>(arg: Arg<T>): Arg<T> => ({
  ...arg,
  check: text => {
    if (text === '') throw new BadValue(`empty parameter ${arg.name} not allowed`)
  },
})
