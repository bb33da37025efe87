import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Execution, TOO_LONG } from '../../../../../server/core/kemi/execution.ts'
import { Sandbox } from '../../../../../server/modules/app_jsdt/sandbox.ts'
import { MAIN } from '../../../../../server/modules/app_jsdt/source.ts'
import { WaitSlot } from '../../../../../server/modules/app_jsdt/waiting/slot.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each look at the clock takes 100 ms. */
function slowWorld(script: string): { execution: Execution; sandbox: Sandbox } {
  let now = 0
  const execution = new Execution({ now: () => 0, monotonic: () => (now += 100) })
  const path = join(folder, 'a.js')
  writeFileSync(path, script)
  const ksr = {}
  const sandbox = new Sandbox({
    ksr,
    console: {},
    execution,
    modules: true,
    warn: () => undefined,
    waiting: new Set(),
    slot: new WaitSlot(),
  })
  const outer = execution.load()
  try {
    sandbox.load(path, MAIN)
  } finally {
    execution.loaded(outer)
  }
  return { execution, sandbox }
}

const msg = {} as SipMessage

test.for([
  'while (true);',
  'for (;;) { try { for (;;); } catch (e) { } }',
  'do { } while (true)',
  'for (const x of forever()) { seen = x }',
  '[1].forEach(() => { while (1) { } })',
])('%s ends', loop => {
  const endless = 'function* forever() { let n = 0; while (true) yield n++ }\nlet seen\n'
  const { execution, sandbox } = slowWorld(`${endless}function f() {\n  ${loop}\n}`)
  execution.enter(msg)
  expect(sandbox.find('f')).toThrow('busy for too long')
  expect(execution.ended).toBe(TOO_LONG)
  expect(sandbox.describe(execution.complaint)).toMatch(/a\.js:[14]: Error: busy for too long/)
  execution.leave(null, 0)
  expect(execution.ended).toBe(0)
})

test('the time of one message is not that of the next', () => {
  const { execution, sandbox } = slowWorld(
    'function f() { for (let i = 0; i < 1e5; i++); return 1 }',
  )
  for (let i = 0; i < 10; i++) {
    execution.enter(msg)
    expect(sandbox.find('f')!()).toBe(1)
    execution.leave(null, 0)
  }
})

test('an endless loop at the top level does not load', () => {
  expect(() => slowWorld('\nfor (;;) ;')).toThrow('a.js:2: Error: busy for too long')
})

test('functions are found by any kind of name, and nothing else is', () => {
  const { sandbox } = slowWorld('function a() {}\nconst b = () => {}\nvar c = a, d = 5\nclass E {}')
  expect(['a', 'b', 'c', 'E'].map(name => typeof sandbox.find(name))).toEqual(
    Array.from({ length: 4 }, () => 'function'),
  )
  expect(['d', 'e', 'if', 'a.b', 'a()', ''].map(name => sandbox.find(name))).toEqual(
    Array.from({ length: 6 }, () => null),
  )
})

test('there is nothing of Node in it', () => {
  const { sandbox } = slowWorld(
    'function f() { return [typeof process, typeof setTimeout, typeof fetch].join() }',
  )
  expect(sandbox.find('f')!()).toBe('undefined,undefined,undefined')
})
