import { expect, test } from 'vitest'
import { fingerprint, parseAuthorizedKeys } from '../../../../console/ssh/authorized-keys.ts'
import { makeKeyPair } from '../../../../console/ssh/key-pair.ts'

const { public: publicKey, private: privateKey } = makeKeyPair()
const key = publicKey.trim()

const read = (text: string) => {
  const { keys, complaints } = parseAuthorizedKeys(text, 'file')
  return { names: keys.map(({ name }) => name), complaints }
}

test('keys with their names; comments and empty lines are passed over', () => {
  const { names, complaints } = read(`# people\n\n${key} jane@desk\n${key}\n`)
  expect(names).toEqual(['jane@desk', 'unnamed'])
  expect(complaints).toEqual([])
})

test('options that only forbid what is forbidden here anyway', () => {
  expect(read(`restrict,no-pty ${key} jane`).names).toEqual(['jane'])
})

test.for([
  [`from="10.0.0.1" ${key} jane`, 'file:1: option from="10.0.0.1" is not known here'],
  [`command="kamctl uptime" ${key} jane`, 'file:1: option command="kamctl'],
  ['ssh-dss AAAA jane', 'file:1: no public key of a kind that is known here'],
  ['ssh-ed25519 notbase64!! jane', 'file:1: '],
  [privateKey.split('\n')[0]!, 'file:1: no public key'],
] as const)('%s lets nobody in', ([line, complaint]) => {
  const { names, complaints } = read(line)
  expect(names).toEqual([])
  expect(complaints[0]).toContain(complaint)
})

test('a fingerprint as ssh-keygen prints it', () => {
  const [first] = parseAuthorizedKeys(key, 'file').keys
  expect(fingerprint(first!.key)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
})
