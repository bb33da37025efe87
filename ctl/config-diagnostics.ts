/** What is wrong with a config, as the server prints it; nodes with the same trouble share it. */
import type { Result } from '../rpc/contract/index.ts'
import type { Answer } from '../rpc/fleet/fleet.ts'
import { visible } from '../rpc/fleet/visible.ts'
import { remarksAbout } from './report.ts'

type Diagnostic = Result<'ohana.cfg.check'>['diagnostics'][number]

export const diagnosticRemarks = (
  answers: readonly Answer<{ readonly diagnostics: readonly Diagnostic[] }>[],
): string[] => remarksAbout(answers, ({ diagnostics }) => diagnostics.map(diagnosticText))

/** Position and sentence, the line, a caret, the hint. */
function diagnosticText(one: Diagnostic): string {
  const margin = ' '.repeat(String(one.line).length)
  const before = one.source.slice(0, one.col - 1).replace(/[^\t]/g, ' ')
  const lines = [
    `${one.file}:${one.line}:${one.col}: ${one.severity}: ${one.text} [${one.code}]`,
    ` ${one.line} | ${one.source}`,
    ` ${margin} | ${before}^`,
  ]
  if (one.hint !== '') lines.push(` ${margin} = hint: ${one.hint}`)
  return lines.map(visible).join('\n')
}
