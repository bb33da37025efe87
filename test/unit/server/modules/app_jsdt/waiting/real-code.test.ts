// Programs of thousands of lines each function of which waits do what they do where none waits.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AnyNode, parse } from 'acorn'
import { expect, test } from 'vitest'
import { childrenOf, isFunction } from '../../../../../../server/modules/app_jsdt/waiting/syntax.ts'
import { WaitingScript } from './waiting-script.ts'

const FOLDER = 'node_modules/yaml/dist'
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

/** Runs `main` where each function waits and where none does. */
async function compare(files: Record<string, string>): Promise<void> {
  const waiting = new WaitingScript(files)
  const plain = new WaitingScript(files, false)
  await waiting.run('main')
  await plain.run('main')
  expect(waiting.told).toEqual(plain.told)
  expect(waiting.warnings.filter(text => !CANNOT.test(text))).toEqual([])
  expect(waiting.waits).toBeGreaterThan(500)
}

const CANNOT = /a (constructor|getter|generator of its own) cannot/

test('acorn parses a file', async () => {
  await compare({
    'a.js': `const { parse } = require('./acorn')
const text = ${JSON.stringify(TEXT)}
function main() { KSR.t.tell(JSON.stringify(parse(text, { ecmaVersion: 'latest' }))) }`,
    'acorn.js': slowed(readFileSync('node_modules/acorn/dist/acorn.js', 'utf8')),
  })
})

const YAML = `a: &x [1, "two", { b: null }]
c: *x
d: |
  text
  more
e: !!set { f, g }
`

test('yaml reads and writes a text', async () => {
  const files: Record<string, string> = {
    'a.js': `const { parse, stringify } = require('./yaml/index')
const text = ${JSON.stringify(YAML)}
function main() { KSR.t.tell(stringify(parse(text))) }`,
  }
  for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue
    const text = readFileSync(join(FOLDER, name), 'utf8')
    files[`yaml/${name}`] = slowed(text.replace(/require\('(process|buffer)'\)/g, '({ env: {} })'))
  }
  await compare(files)
})
