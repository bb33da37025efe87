// Where JavaScript cannot wait: said at load with file, line, column and what to do; when it comes
// to that, the call fails and nothing else.
import { describe, expect, test } from 'vitest'
import { WaitingScript } from './waiting-script.ts'

const warningsOf = (text: string): string[] =>
  new WaitingScript({ 'a.js': `const { slow, tell, quick } = KSR.t\n${text}` }).warnings

const HINT = 'call it in the function around it, in a for...of loop if there are many'
const SORT = 'ask for each item in a for...of loop first, then sort by what that gave'
const REPLACE = 'go through matchAll() in a for...of loop and put the text together'
const calls = (name: string): string =>
  `KSR.t.slow waits, and ${name}() cannot wait for a function that it calls: it fails there; `
const cannot = (what: string): string =>
  `KSR.t.slow waits, and ${what} cannot: it fails there; ${HINT}`

describe('it is said at load', () => {
  test.for([
    ['function f() { [1].sort(() => slow(1)) }', `a.js:2:16: ${calls('sort')}${SORT}`],
    ['const by = x => slow(x);\n[1].toSorted(by)', `a.js:3:1: ${calls('toSorted')}${SORT}`],
    ['function f() { "a".replace(/a/, x => slow(x)) }', `a.js:2:16: ${calls('replace')}${REPLACE}`],
    [
      'JSON.parse("[]", (k, v) => slow(v))',
      `a.js:2:1: ${calls('parse')}go through what parse() gave in a for...of loop`,
    ],
    [
      'new Promise(done => done(slow(1)))',
      `a.js:2:13: ${calls('Promise')}call it without a promise: the script waits anyhow`,
    ],
    ['Promise.resolve().then(() => slow(1))', `a.js:2:1: ${calls('then')}write it behind an await`],
    ['const o = { get a() { return slow(1) } }', `a.js:2:30: ${cannot('a getter')}`],
    ['class A { set a(x) { slow(x) } }', `a.js:2:22: ${cannot('a setter')}`],
    ['class A { constructor() { slow(1) } }', `a.js:2:27: ${cannot('a constructor')}`],
    [
      'class A { [quick("a")]() { slow(1) } }',
      `a.js:2:28: ${cannot('a method with a computed name')}`,
    ],
    ['function* g() { yield slow(1) }', `a.js:2:23: ${cannot('a generator of its own')}`],
    [
      'function f() { return () => slow(arguments[0]) }',
      `a.js:2:29: ${cannot('an arrow function with arguments')}`,
    ],
    [
      'async function f() { for await (const x of []) slow(x) }',
      `a.js:2:48: ${cannot('a function with for await')}`,
    ],
    [
      'function f() { return eval("KSR.t.slow(1)") }',
      `a.js:2:23: ${cannot('a text that is evaluated')}`,
    ],
    [
      'async function f() { slow(1) }\nfunction g() { f() }',
      'a.js:3:16: KSR.t.slow waits, and an async function cannot when its call stands behind no ' +
        'await: it fails there; write await before it',
    ],
    [
      'const o = {}; function ask() { return slow({}) }\nfunction g() { return ask?.().x }',
      'a.js:3:23: this waits, and cannot, because something is taken of its value behind a ?.: ' +
        'put it in a line of its own',
    ],
  ])('%s', ([text, warning]) => {
    expect(warningsOf(text!)).toEqual([warning])
  })

  test.for([
    'function f() { [1].forEach(x => slow(x)); [3, 1].sort((a, b) => a - b) }',
    'const each = (list, fn) => { for (const x of list) fn(x) }\n' +
      'function f() { each([1], slow2) }\nfunction slow2(x) { slow(x) }',
    'async function f() { return slow(1) }\nasync function g() { await f(); return f() }',
    'const o = { sort(fn) { return fn() } }; function f() { o.sort(() => slow(1)) }',
  ])('nothing is said of %s', text => {
    expect(warningsOf(text)).toEqual([])
  })
})

describe('who knows of no waiting', () => {
  test.for([
    ['tell([2, 1].sort(() => (slow(1), 0)).join())', '2,1'],
    ['const o = { get a() { return slow(1) } }; tell(o.a)', 'refused'],
    ['class A { constructor() { this.x = slow(1) } } tell(new A().x)', 'refused'],
    ['const f = quick([slow2]); tell("x".replace(/x/, f[0]))', 'refused'],
    ['function* g() { yield slow(1) } tell(...g())', 'refused'],
    ['tell(JSON.stringify({ toJSON: () => slow(1) }))', '"refused"'],
    ['tell(eval("slow2(1)"))', 'refused'],
    ['function F() { this.x = slow(1) } tell(new F().x)', 'refused'],
  ])('%s gets what the plain function gives', async ([body, wanted]) => {
    const script = new WaitingScript({
      'a.js': `const { slow, tell, quick } = KSR.t
function slow2(x) { return slow(x) }
function main() { ${body} }`,
    })
    await script.run('main')
    expect(script.told).toEqual([wanted])
    expect(script.refusals).toBeGreaterThan(0)
  })
})
