// Expressions match where glibc lets them match; substitutions do what Kamailio documents.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BadValue } from '../../../../server/core/module/index.ts'
import { compileRegex, IGNORE_CASE, LINES, regexFor } from '../../../../server/core/regex.ts'

type Matches = Record<string, [start: number, end: number]>
type Row = { pattern: string; refused?: true; ignoreCase?: Matches; lines?: Matches }

const facts = JSON.parse(readFileSync('test/compat/regex/glibc.json', 'utf8')) as {
  texts: string[]
  rows: Row[]
}

function matches(pattern: string, options: number): Matches {
  const regex = compileRegex(pattern, options)
  const found: Matches = {}
  for (const [number, text] of facts.texts.entries()) {
    const match = regex.exec(text)
    if (match !== null) found[number] = [match.index, match.index + match[0].length]
  }
  return found
}

describe('expressions as glibc reads them', () => {
  test.for(facts.rows.filter(row => !row.refused))('$pattern', ({ pattern, ignoreCase, lines }) => {
    expect(matches(pattern, IGNORE_CASE)).toEqual(ignoreCase)
    expect(matches(pattern, LINES)).toEqual(lines)
  })

  test.for(facts.rows.filter(row => row.refused))('refuses $pattern', ({ pattern }) => {
    expect(() => compileRegex(pattern, 0)).toThrow(BadValue)
  })

  test('of plain words the longest is tried first', () => {
    expect(compileRegex('sip|sips|s', 0).exec('sips:x')?.[0]).toBe('sips')
  })

  test('groups keep their numbers behind repeated quantifiers', () => {
    expect(compileRegex('(a+?)(b*+)(c)', 0).exec('aabbc')?.slice(1)).toEqual(['aa', 'bb', 'c'])
  })

  test('refuses brackets that are nested without end', () => {
    expect(() => compileRegex('('.repeat(200), 0)).toThrow(BadValue)
  })
})

describe('expressions met while messages are processed', () => {
  test('are compiled once', () => {
    expect(regexFor('^a', IGNORE_CASE)).toBe(regexFor('^a', IGNORE_CASE))
    expect(regexFor('^a', 0)).not.toBe(regexFor('^a', IGNORE_CASE))
  })

  test('give null when they are malformed', () => {
    expect(regexFor('(', 0)).toBeNull()
  })

  test('stay right when there are more of them than are kept', () => {
    for (let i = 0; i < 5000; i++) expect(regexFor(`^x${i}$`, 0)?.test(`x${i}`)).toBe(true)
  })
})
