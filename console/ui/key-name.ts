/** Ink's way to tell a key as one word: `j`, `ctrl-d`, `enter`, `paste:...`. */
import type { Key } from 'ink'

const NAMED: readonly (readonly [flag: keyof Key, name: string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
]

/** '' for a key that has no name here. */
export function keyName(input: string, key: Key): string {
  if (key.tab) return key.shift ? 'shift-tab' : 'tab'
  const named = NAMED.find(([flag]) => key[flag] === true)
  if (named !== undefined) return named[1]
  if (key.ctrl) return input === '' ? '' : `ctrl-${input}`
  if (key.meta) return ''
  if (input === ' ') return 'space'
  return input.length > 1 ? `paste:${input}` : input
}
