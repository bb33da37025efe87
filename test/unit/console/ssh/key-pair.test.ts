// ssh2 sometimes makes a key that nobody can read.
import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { makeKeyPair } from '../../../../console/ssh/key-pair.ts'

const { generateKeyPairSync, parseKey } = ssh2.utils

/** A pair whose public key begins with a zero byte, which ssh2 leaves out of both. */
function broken(): ReturnType<typeof generateKeyPairSync> {
  for (;;) {
    const pair = generateKeyPairSync('ed25519')
    if (parseKey(pair.private) instanceof Error) return pair
  }
}

test('a pair that cannot be read is made anew', () => {
  const pairs = [broken(), makeKeyPair('demo')]
  const made = makeKeyPair('demo', () => pairs.shift()!)
  for (const key of [made.private, made.public]) expect(parseKey(key)).not.toBeInstanceOf(Error)
  expect(made.public).toMatch(/ demo$/)
  expect(pairs).toEqual([])
})
