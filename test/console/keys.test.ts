// One table of keys, one of commands, one of views: help and README say what they say.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { actions, keyRowFor, keyRows, keySign } from '../../console/keys.ts'
import { paletteRows } from '../../console/palette-rows.ts'
import { initialState } from '../../console/render/sheet.ts'
import { viewNames } from '../../console/view.ts'
import { topViews, viewByWord, views } from '../../console/views.ts'
import { textOf } from '../../rpc/fleet/line.ts'

const readme = readFileSync('console/README.md', 'utf8')

test('every action has a key', () => {
  const bound = keyRows.map(({ action }) => action)
  expect(actions.filter(action => !bound.includes(action))).toEqual([])
})

test.for(viewNames.map(name => [name] as const))('in %s no key means two things', ([view]) => {
  const fitting = keyRows.filter(({ views: only }) => only === undefined || only.includes(view))
  for (const key of fitting.flatMap(({ keys }) => keys)) {
    const rows = fitting.filter(({ keys }) => keys.includes(key))
    const own = rows.filter(({ views: only }) => only !== undefined)
    expect([key, rows.length - own.length <= 1 && own.length <= 1]).toEqual([key, true])
    expect(rows).toContain(keyRowFor(key, view))
  }
})

describe('help', () => {
  const sheet = views.help.sheet({
    fleet: null as never,
    nodes: [],
    subject: '',
    state: initialState,
    width: 100,
  })
  const help = sheet.rows.map(({ line }) => textOf(line)).join('\n')

  test.for(keyRows.map(row => [row.keys.join(' '), row] as const))('has %s', ([, row]) => {
    expect(help).toContain(`  ${row.keys.map(keySign).join(' ')}`)
    expect(help).toContain(row.doc)
  })

  test('has every command', () => {
    for (const { words, doc } of paletteRows) {
      expect(help).toContain(words)
      expect(help).toContain(doc)
    }
  })
})

test('the README has every key, command and view', () => {
  for (const { keys, doc } of keyRows)
    expect(readme).toContain(`| ${keys.map(key => `\`${keySign(key)}\``).join(' ')} | ${doc} |`)
  for (const { words, doc } of paletteRows)
    expect(readme).toContain(`| \`:${words.replaceAll('|', '\\|')}\` | ${doc} |`)
  for (const { title, doc } of topViews) expect(readme).toContain(`| ${title} | ${doc} |`)
})

test('views are found by name, by another word and by their beginning', () => {
  expect(viewByWord('registrations')?.name).toBe('registrations')
  expect(viewByWord('ul')?.name).toBe('registrations')
  expect(viewByWord('reg')?.name).toBe('registrations')
  expect(viewByWord('stat')?.name).toBe('statistics')
  expect(viewByWord('call')).toBeUndefined()
  expect(viewByWord('')).toBeUndefined()
})
