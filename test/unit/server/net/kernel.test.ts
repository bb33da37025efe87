import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { raiseOpenFiles, sourceAddressFor } from '../../../../server/net/kernel.ts'

const openFiles = (): number[] =>
  /Max open files +(\d+) +(\d+)/
    .exec(readFileSync('/proc/self/limits', 'latin1'))!
    .slice(1)
    .map(Number)

test('fewer files than may be open already change nothing', () => {
  const before = openFiles()
  expect(raiseOpenFiles(16)).toBe(true)
  expect(openFiles()).toEqual(before)
})

test('the kernel says from which address it would send', () => {
  expect(sourceAddressFor('127.0.0.1')).toBe('127.0.0.1')
  expect(sourceAddressFor('127.0.0.9')).toMatch(/^127\./)
  expect(sourceAddressFor('::1')).toBe('::1')
})
