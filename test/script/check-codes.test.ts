// Every diagnostic there is has been provoked: by a golden, or here where its config would be long.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { load } from '../../server/script/index.ts'
import { MESSAGES } from '../../server/script/messages.ts'
import { checkText } from '../kit/script-golden.ts'

/** Configs that are too long to be read, made of repetitions. */
const LONG: Record<string, string> = {
  CFG_DEPTH: `request_route { if (${'('.repeat(300)}1${')'.repeat(300)}) exit; }`,
  CFG_IFDEF_DEPTH: '#!ifndef NEVER\n'.repeat(600) + '#!endif\n'.repeat(600),
  CFG_INCLUDE_LONG: `include_file "${'x'.repeat(2000)}"\n`,
}

/** Tests of their own below. */
const ELSEWHERE = ['CFG_FILE', 'CFG_MODPARAM_FORMAT']

const codesIn = (text: string): string[] =>
  [...text.matchAll(/\[(CFG_\w+)\]$/gm)].map(([, code]) => code!)

function goldenCodes(): Set<string> {
  const codes = new Set<string>()
  for (const kind of ['check', 'parse']) {
    const folder = new URL(`./${kind}/`, import.meta.url)
    for (const name of readdirSync(folder))
      for (const code of codesIn(readFileSync(new URL(name, folder), 'latin1'))) codes.add(code)
  }
  return codes
}

describe('diagnostics', () => {
  it.each(Object.entries(LONG))('%s is said of a long config', async (code, config) => {
    expect(codesIn(await checkText(config))).toContain(code)
  })

  it('CFG_FILE is said of a file that cannot be read', () => {
    const { report } = load('nowhere.cfg', { read: () => null }).parsed
    expect(report.diagnostics.map(({ code, text }) => [code, text])).toEqual([
      ['CFG_FILE', 'cannot read nowhere.cfg'],
    ])
  })

  it('CFG_MODPARAM_FORMAT is said of the command line', () => {
    const { report } = load('x.cfg', {
      read: () => '',
      modParams: ['tm:fr_timer', 'a:b:i:x'],
    }).parsed
    expect(report.diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ['CFG_MODPARAM_FORMAT', '<command line>'],
      ['CFG_MODPARAM_FORMAT', '<command line>'],
    ])
  })

  it('have all been seen', () => {
    const seen = goldenCodes()
    const unseen = Object.keys(MESSAGES).filter(code => !seen.has(code))
    expect(unseen.filter(code => !(code in LONG) && !ELSEWHERE.includes(code))).toEqual([])
  })

  it('are cut off where nobody would read on', async () => {
    const calls = Array.from({ length: 700 }, (_, i) => `  wrong${i}();\n`)
    const text = await checkText(`request_route {\n${calls.join('')}}\n`)
    expect(codesIn(text)).toHaveLength(500)
  })
})
