import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../../../server/modules/app_jsdt/edits.ts'
import { turnImports } from '../../../../../server/modules/app_jsdt/imports.ts'
import { tokenize } from '../../../../../server/modules/app_jsdt/tokens.ts'

const turned = (source: string, main = true): string =>
  applyEdits(source, turnImports(source, tokenize(source)!, main).edits).replace(
    '"use strict";',
    '',
  )

describe('import', () => {
  test.for([
    ['import "./a"', 'require("./a");'],
    ['import a from "./a"', 'const a=require.default(require("./a"));'],
    ['import * as a from "./a";', 'const a=require("./a");'],
    ['import { a, b as c } from "./a"', 'const {a,"b":c}=require("./a");'],
    [
      'import { default as d, "x y" as e } from "./a"',
      'const {"default":d,"x y":e}=require("./a");',
    ],
    [
      'import a, { b } from "./a"',
      'const a=require.default(require("./a"));const {b}=require("./a");',
    ],
    [
      'import d from "./d.json" with { type: "json" }',
      'const d=require.default(require("./d.json"));',
    ],
    ['import {\n  a,\n} from "./a"\nb', 'const {a}=require("./a");\n\n\nb'],
    ['x.import("./a"); y = { import: 1 }', 'x.import("./a"); y = { import: 1 }'],
  ])('%s', ([source, expected]) => {
    expect(turned(source!)).toBe(expected)
  })

  test('is no function here', () => {
    expect(() => turned('a\nimport("./b")')).toThrow('a routing script has no import()')
    expect(() => turned('a = import.meta.url')).toThrow('a routing script has no import.meta')
  })
})

describe('export', () => {
  const names = (list: string): string => `require.names(exports,{${list}});`

  test.for([
    ['export function a() {}', `${names('"a":()=>a')} function a() {}`],
    ['export async function* a() {}', `${names('"a":()=>a')} async function* a() {}`],
    ['export class A {}', `${names('"A":()=>A')} class A {}`],
    ['export const a = 1, b = 2\nc()', `${names('"a":()=>a,"b":()=>b')} const a = 1, b = 2\nc()`],
    ['export default function a() {}', `${names('"default":()=>a')} function a() {}`],
    ['export default 5', 'exports.default= 5'],
    ['const a = 1\nexport { a, a as b }', `${names('"a":()=>a,"b":()=>a')}const a = 1\n`],
    ['export * from "./a"', 'require.all(exports,require("./a"));'],
    ['export { a as b } from "./a"', `${names('"b":()=>require("./a")["a"]')}require("./a");`],
    ['export * as n from "./a"', `${names('"n":()=>require("./a")')}require("./a");`],
  ])('%s', ([source, expected]) => {
    expect(turned(source!, false)).toBe(expected)
  })

  test('of the main script only drops the word: its functions are the routes', () => {
    expect(turned('export function a() {}')).toBe(' function a() {}')
  })

  test('of patterns is refused', () => {
    expect(() => turned('export const { a } = b')).toThrow('export plain names')
  })
})

test('a script without them is left alone', () => {
  expect(turnImports('a = 1', tokenize('a = 1')!, true)).toEqual({ edits: [], isModule: false })
})
