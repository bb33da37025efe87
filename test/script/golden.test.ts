// A config above the rule, what the compiler says of it below: `check/` holds diagnostics, `emit/` the JavaScript.
// UPDATE=1 writes what is said now; read the difference before you commit it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import type { ReadFile } from '../../server/compiler/1-read/lexer.ts'
import { compile, inOrder, load, printDiagnostic } from '../../server/compiler/index.ts'
import { modules } from '../../server/modules/index.ts'

const RULE = '\n----\n'

/** A file system with one file. */
const only =
  (config: string): ReadFile =>
  name => {
    if (name === 'test.cfg') return config
    throw Object.assign(new Error(`no ${name}`), { code: 'ENOENT' })
  }

async function compiled(config: string) {
  const loaded = load('test.cfg', { defines: [], substitutions: [], read: only(config) })
  const registry = new Registry()
  registry.add(coreSurface)
  for (const { name, place } of loaded.tree.modules) {
    const loader = modules[name]
    if (loader === undefined) loaded.reportMissing(name, place, Object.keys(modules))
    else registry.add((await loader()).default)
  }
  return compile(loaded, registry)
}

/** The functions of the routes, without the lines that name what they stand on. */
const bodyOf = (text: string): string =>
  text.slice(text.indexOf('\n// test.cfg'), text.indexOf('\nreturn {')).trim()

const ANSWERS: Record<string, (config: string) => Promise<string>> = {
  check: async config =>
    inOrder((await compiled(config)).report.list)
      .map(printDiagnostic)
      .join('\n'),
  emit: async config => bodyOf((await compiled(config)).text),
}

describe.each(Object.keys(ANSWERS))('%s', kind => {
  const folder = new URL(`./${kind}/`, import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.golden'))

  it('has goldens', () => {
    expect(names.length).toBeGreaterThan(0)
  })

  it.each(names)('%s', async name => {
    const file = new URL(name, folder)
    const [config = '', expected = ''] = readFileSync(file, 'utf8').split(RULE)
    const answer = await ANSWERS[kind]!(`${config}\n`)
    if (process.env.UPDATE === '1') writeFileSync(file, `${config}${RULE}${answer}\n`)
    else expect(answer).toBe(expected.trimEnd())
  })
})
