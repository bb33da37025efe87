// The tools that read the code without running it, each as one test.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { missingFrom, readLock } from './setup/complete-lock.ts'

function expectClean(command: string, ...args: string[]): void {
  const path = `${process.cwd()}/node_modules/.bin:${process.env.PATH}`
  const run = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, PATH: path } })
  const output = run.stdout + run.stderr
  expect(run.status, `${command} ${args.join(' ')}\n${output.slice(-12_000)}`).toBe(0)
}

test('types: tsc finds no error, tests included', () => {
  expectClean('tsc', '-p', 'test')
})

test('lint: oxlint finds nothing', () => {
  expectClean('oxlint')
})

test('format: biome would change nothing', () => {
  expectClean('biome', 'format', '.')
})

test('dead code: knip finds no unused file, export or dependency', () => {
  expectClean('knip', '--no-progress')
})

test('npm ci: the lock file is complete (else: node test/setup/complete-lock.ts)', () => {
  expect(missingFrom(readLock())).toEqual([])
})
