import { expect, test } from 'vitest'
import { splitWords } from '../../../../console/ssh/words.ts'

test.for([
  ['', []],
  ['kamctl ul show', ['kamctl', 'ul', 'show']],
  ['  a   b  ', ['a', 'b']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  [`a ''`, ['a', '']],
  [String.raw`a\ b "c\"d" 'e\f'`, ['a b', 'c"d', String.raw`e\f`]],
  [`x'y'z`, ['xyz']],
  ['$(id) `id` ; | > $HOME *', ['$(id)', '`id`', ';', '|', '>', '$HOME', '*']],
  [`'open`, null],
  [`"open`, null],
] as const)('%s', ([text, words]) => {
  expect(splitWords(text)).toEqual(words)
})
