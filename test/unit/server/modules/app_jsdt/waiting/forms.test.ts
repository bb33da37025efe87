// Every form of function and of call: a script that waits does what it does where nothing waits.
import { describe, expect, test } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Twins } from './waiting-script.ts'

const FORMS = join(import.meta.dirname, 'forms')
/** Functions that await are async themselves. */
const isAsync = (file: string): boolean => file.startsWith('async')

/** Between empty lines stands the body of a function; all of a file are functions of one script. */
describe.for(readdirSync(FORMS))('%s', file => {
  const bodies = readFileSync(join(FORMS, file), 'utf8').trim().split('\n\n')
  const functions = bodies.map((body, i) =>
    `async function main${i}() {${body}}`.slice(isAsync(file) ? 0 : 6),
  )
  const twins = new Twins({
    'a.js': `const { slow, tell, quick } = KSR.t;\n${functions.join('\n')}`,
  })
  test.for(bodies.map((body, i) => [body, i] as const))('%s', async ([, i]) => {
    await twins.told(`main${i}`)
  })
})

describe('several files', () => {
  test('imports, re-exports, require and TypeScript', async () => {
    const lines = await new Twins({
      'main.ts': `
import type { Kind } from './kinds'
import fallback, { ask, Asker, twice as two } from './lib/ask'
import * as all from './lib/ask.ts'
const lib = require('./lib/plain')
export const main = (): void => {
  const kind: Kind = 'a'
  KSR.t.tell(ask<string>(kind), fallback(2), new Asker(3).ask(), all.ask(4), two(5))
  KSR.t.tell(lib.f(6), lib['g'](7))
}`,
      'kinds.ts': 'export type Kind = string',
      'lib/ask.ts': `
export * from './twice.mjs'
export function ask<T>(value: T): T { return (KSR as any).t.slow(value) as T }
export class Asker { private value: number; constructor(value: number) { this.value = value }
  ask(): number { return ask(this.value!) } }
export default function (x: number) { return ask(x) }`,
      'lib/twice.mjs':
        'import { ask } from "./ask"\nexport function twice(x) { return ask(x) + ask(x) }',
      'lib/plain.js': `
const { slow } = KSR.t
exports.f = function (x) { return slow(x) }
module.exports.g = x => exports.f(x)`,
    }).told('main')
    expect(lines).toEqual(['a 2 3 4 10', '6 7'])
  })

  test('functions at the top of the script are seen by the others', async () => {
    const lines = await new Twins({
      'a.js': 'function ask(x) { return KSR.t.slow(x) } function main() { require("./b").go() }',
      'b.js': 'exports.go = () => KSR.t.tell(ask(2))',
    }).told('main')
    expect(lines).toEqual(['2'])
  })
})
