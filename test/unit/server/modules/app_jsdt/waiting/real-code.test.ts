// A program of 6,000 lines each function of which waits: it does what it does where nothing waits.
import { readFileSync } from 'node:fs'
import { type AnyNode, parse } from 'acorn'
import { expect, test } from 'vitest'
import { childrenOf, isFunction } from '../../../../../../server/modules/app_jsdt/waiting/syntax.ts'
import { WaitingScript } from './waiting-script.ts'

const WAIT = 'KSR.t.slow(0);'

/** Lets each function wait first, but for those that make objects. */
function slowed(text: string): string {
  const places: number[] = []
  const visit = (node: AnyNode): void => {
    if (
      isFunction(node) &&
      node.body.type === 'BlockStatement' &&
      !/^[A-Z]/.test(node.id?.name ?? '')
    )
      places.push(node.body.start + 1)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(parse(text, { ecmaVersion: 'latest' }))
  return places
    .toSorted((a, b) => b - a)
    .reduce((all, at) => all.slice(0, at) + WAIT + all.slice(at), text)
}

const TEXT = `for (const x of [1, 2]) { f(\`a\${x}\`, /b/g, y => ({ ...y })) }
class A { #x = 1; get y() { return this.#x } static { label: while (1) break label } }`

test('acorn parses a file', async () => {
  const files = {
    'a.js': `const { parse } = require('./acorn')
const text = ${JSON.stringify(TEXT)}
function main() { KSR.t.tell(JSON.stringify(parse(text, { ecmaVersion: 'latest' }))) }`,
    'acorn.js': slowed(readFileSync('node_modules/acorn/dist/acorn.js', 'utf8')),
  }
  const waiting = new WaitingScript(files)
  const plain = new WaitingScript(files, false)
  // Constructors cannot wait; at the top some are called.
  waiting.refusals = 0
  await waiting.run('main')
  await plain.run('main')
  expect(waiting.told).toEqual(plain.told)
  expect(waiting.warnings).toEqual([])
  expect(waiting.waits).toBeGreaterThan(10 * waiting.refusals)
})
