// A config above the rule, what the compiler makes of it below: its tree, its diagnostics, its
// JavaScript. UPDATE=1 writes what is said now; read the difference before you commit it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText, emitText, explainText, parseText } from '../kit/script-golden.ts'

const RULE = '\n----\n'

const ANSWERS: Record<string, (config: string) => string | Promise<string>> = {
  parse: parseText,
  check: checkText,
  emit: emitText,
  explain: explainText,
}

describe.each(Object.keys(ANSWERS))('%s', kind => {
  const folder = new URL(`./${kind}/`, import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.golden'))

  it('has goldens', () => {
    expect(names.length).toBeGreaterThan(0)
  })

  it.each(names)('%s', async name => {
    const file = new URL(name, folder)
    const [config = '', expected = ''] = readFileSync(file, 'latin1').split(RULE)
    const answer = (await ANSWERS[kind]!(`${config}\n`)).trim()
    if (process.env.UPDATE === '1') writeFileSync(file, `${config}${RULE}${answer}\n`, 'latin1')
    else expect(answer).toBe(expected.trim())
  })
})
