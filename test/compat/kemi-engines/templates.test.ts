// The templates are right as they stand: types, syntax, configs.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { check } from '../../../server/boot/check.ts'
import { readOptions } from '../../../server/boot/options.ts'

test('the TypeScript template fits the types of KSR', () => {
  const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'templates/kemi'], { encoding: 'utf8' })
  expect(tsc.stdout + tsc.stderr).toBe('')
  expect(tsc.status).toBe(0)
})

test.for(['ts', 'lua'])('kamailio-basic-%s.cfg is a config without complaints', async name => {
  const config = resolve(`templates/kemi/kamailio-basic-${name}.cfg`)
  for (const defines of [[], ['-A', 'WITH_JSONRPC']]) {
    const { compiled } = await check(readOptions(['-f', config, ...defines]))
    expect(compiled.diagnostics.map(({ text }) => text)).toEqual([])
  }
})
