// What the lines of a .call file mean.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patternOf, readChapter } from '../../kit/call-script.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohana-call-script-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function chapterOf(text: string) {
  const path = join(folder, 'x.call')
  writeFileSync(path, text)
  return readChapter(path)
}

describe('a chapter', () => {
  test('has a title, a configuration and scenes', () => {
    const chapter = chapterOf(`# A title
config: relay.cfg
define: A B=2
== One
alice sends OPTIONS sip:x
== Two
phones: bob tcp, carol udp ipv6
kamailio: does not
`)
    expect(chapter).toMatchObject({ title: 'A title', config: 'relay.cfg', defines: ['A', 'B=2'] })
    expect(chapter.scenes.map(scene => scene.title)).toEqual(['One', 'Two'])
    expect(chapter.scenes[1]?.kamailio).toBe('does not')
    expect(chapter.scenes[1]?.phones).toEqual(
      new Map([
        ['bob', { transport: 'tcp' }],
        ['carol', { transport: 'udp', host: '::1' }],
      ]),
    )
  })

  test('a step has its headers and its body', () => {
    const [scene] = chapterOf(`== S
alice sends INVITE sip:x
    Subject: a: b
    +Route: <sip:y>
    no Contact
    Via[2]: *
    | v=0
    |
`).scenes
    expect(scene?.steps[0]).toMatchObject({ kind: 'send', who: 'alice', what: 'INVITE sip:x' })
    expect(scene?.steps[0]?.headers).toEqual([
      { op: 'set', name: 'Subject', index: 0, value: 'a: b' },
      { op: 'add', name: 'Route', index: 0, value: '<sip:y>' },
      { op: 'drop', name: 'Contact', index: 0, value: '' },
      { op: 'set', name: 'Via', index: 2, value: '*' },
    ])
    expect(scene?.steps[0]?.body).toEqual(['v=0', ''])
  })

  test.for([
    ['bob gets 200 OK to INVITE', { kind: 'get', what: '200 OK to INVITE', withinMs: 20_000 }],
    ['bob gets 408 after 400ms within 40s', { what: '408', notBeforeMs: 400, withinMs: 40_000 }],
    ['bob gets nothing for 1.5s', { kind: 'nothing', withinMs: 1500 }],
    ['bob may get 500', { kind: 'may get', what: '500' }],
    ['after 20ms', { kind: 'pause', withinMs: 20 }],
    ['log has ACC: *', { kind: 'log', what: 'ACC: *' }],
    ['rpc ul.lookup location bob -> AoR: bob', { kind: 'rpc', answer: 'AoR: bob' }],
  ] as const)('%s', ([line, meaning]) => {
    expect(chapterOf(`== S\n${line}`).scenes[0]?.steps[0]).toMatchObject(meaning)
  })

  test.for(['bob receives 200', 'bob', 'after a while'])('%s is no step', line => {
    expect(() => chapterOf(`== S\n${line}`)).toThrow(/not a/)
  })
})

describe('a pattern', () => {
  test('fits as a whole, with * for anything', () => {
    expect(patternOf('<sip:*;lr>').test('<sip:a@b;lr>')).toBe(true)
    expect(patternOf('<sip:*;lr>').test('<sip:a@b;lr>;x')).toBe(false)
    expect(patternOf('a.c').test('abc')).toBe(false)
  })

  test('keeps a word', () => {
    expect(patternOf('*;branch={=branch}').exec('x;branch=z9;rport')).toBeNull()
    expect(patternOf('*;branch={=branch}*').exec('x;branch=z9;rport')?.groups?.branch).toBe('z9')
  })
})
