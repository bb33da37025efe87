// What the config compiler says of a config, as text for goldens: its tree, its diagnostics, its
// JavaScript, what it does.
import { modules } from '../../server/modules/index.ts'
import { type Compiled, diagnosticsText, distanceText, load } from '../../server/script/index.ts'
import { compileLoaded } from './script-check.ts'
import { printScript } from './script-print.ts'

/** The files that a golden brings along: `==== name` opens one, the config itself comes first. */
function filesOf(text: string): Map<string, string> {
  const [config = '', ...others] = text.split(/^==== /m)
  const files = new Map([['test.cfg', config]])
  for (const other of others) {
    const end = other.indexOf('\n')
    files.set(other.slice(0, end).trim(), other.slice(end + 1))
  }
  return files
}

const loaded = (text: string) => {
  const files = filesOf(text)
  return load('test.cfg', {
    read: path => files.get(path) ?? null,
    env: { HOME: '/home/ohana' },
    strict56: text.includes('# --strict-5.6'),
  })
}

function compiled(text: string): Promise<Compiled> {
  // Modules that a golden wants to be missing, whether they are or not.
  const without = /# --without (.*)/.exec(text)?.[1]?.split(' ') ?? []
  const available = Object.keys(modules).filter(name => !without.includes(name))
  return compileLoaded(loaded(text), {
    available,
    allowMissing: text.includes('# --allow-missing'),
  })
}

/** Diagnostics of all steps. */
export async function checkText(text: string): Promise<string> {
  const { diagnostics } = await compiled(text)
  // Goldens are byte strings, as configs are.
  return Buffer.from(diagnosticsText(diagnostics) + distanceText(diagnostics)).toString('latin1')
}

/** What each line does, in plain words; what there is nothing to say of is left out. */
export async function explainText(text: string): Promise<string> {
  const { explain } = await compiled(text)
  const parts: string[] = []
  for (const [file, content] of filesOf(text))
    for (const [number, line] of content.split('\n').entries()) {
      // What modules offer changes; other goldens need not know it.
      if (line.startsWith('loadmodule') && !text.includes('# modules')) continue
      const { text: words, found } = explain(file, number + 1)
      if (found || words.includes('does not count')) parts.push(words)
    }
  return parts.join('\n')
}

/** The functions of the routes, without what stands above them. */
export async function emitText(text: string): Promise<string> {
  const { program, diagnostics } = await compiled(text)
  if (program === null) return diagnosticsText(diagnostics)
  return program.text.slice(
    program.text.indexOf('\n// test.cfg'),
    program.text.lastIndexOf('return ['),
  )
}

/**
 * The tree, printed with parentheses around every operator, and the diagnostics of reading and
 * parsing.
 */
export function parseText(text: string): string {
  const { script, report } = loaded(text).parsed
  return printScript(script) + diagnosticsText(report.inOrder())
}
