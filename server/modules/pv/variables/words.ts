/** Names in parentheses that are words of a fixed list: `$time(year)`. */
import { BadValue } from '../../../core/module/index.ts'

/** Takes one of the words and nothing else. */
export const oneOf =
  <const W extends string>(words: readonly W[]) =>
  (inner: string): W => {
    const word = words.find(known => known === inner.trim())
    if (word !== undefined) return word
    throw new BadValue(`${inner} is not known here`, `one of ${words.join(', ')}`)
  }
