// How a diagnostic looks: on a terminal, in a file, with bytes that would move the cursor.
import { describe, expect, it } from 'vitest'
import { SourceFile } from '../../../server/script/1-read/source.ts'
import { Report } from '../../../server/script/diagnostic.ts'
import { diagnosticsText, readable } from '../../../server/script/diagnostic-text.ts'

/** A report about a stretch of a text. */
function about(text: string, start: number, end: number): Report {
  const report = new Report()
  report.error({ file: new SourceFile('x.cfg', text), start, end }, 'CFG_NO_CALL', 'foo')
  return report
}

describe('a diagnostic as text', () => {
  it('has colours on a terminal, and the same words', () => {
    const { diagnostics } = about('foo;', 0, 3)
    const colored = diagnosticsText(diagnostics, true)
    expect(colored).toContain('\x1b[1;31merror:\x1b[0m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes begin with one
    expect(colored.replace(/\x1b\[[\d;]*m/g, '')).toBe(diagnosticsText(diagnostics))
  })

  it('keeps tabs, so that the caret stays below what it means', () => {
    expect(diagnosticsText(about('\t\tfoo;', 2, 5).diagnostics)).toContain(
      ' 1 | \t\tfoo;\n   | \t\t^^^',
    )
  })

  it('counts columns of the terminal, not bytes', () => {
    const line = Buffer.from('"é漢" foo;').toString('latin1')
    const at = line.indexOf('foo')
    expect(diagnosticsText(about(line, at, at + 3).diagnostics)).toContain(
      ' 1 | "é漢" foo;\n   |       ^^^',
    )
  })

  it('shows of a long line what is around', () => {
    const text = `${'a'.repeat(500)} foo; ${'b'.repeat(500)}`
    const lines = diagnosticsText(about(text, 501, 504).diagnostics).split('\n')
    expect(lines[1]).toMatch(/^ 1 \| \.\.\. a+ foo; b+ \.\.\.$/)
    expect(lines[2]!.indexOf('^')).toBe(lines[1]!.indexOf('foo'))
  })

  it('writes no control character of a config to a terminal', () => {
    expect(readable('a\x1b[2Jb\x07c\x9bd\te')).toBe('a?[2Jb?c?d\te')
  })

  it('leaves bytes that are no UTF-8 as they are', () => {
    expect(readable('gr\xfc\xdfe')).toBe('gr\xfc\xdfe')
  })
})

describe('a report', () => {
  it('says the same of one place once, and one cause at several places once', () => {
    const file = new SourceFile('x.cfg', 'foo();\nfoo();\nfoo();\n')
    const report = new Report()
    for (const start of [0, 0, 7, 14])
      report.error({ file, start, end: start + 5 }, 'CFG_UNKNOWN_FUNCTION', 'foo', [], '')
    expect(report.diagnostics).toHaveLength(1)
    expect(diagnosticsText(report.diagnostics)).toContain('= 3 times: also in line 2, line 3')
  })

  it('comes in the order of the text, file by file', () => {
    const [a, b] = ['a.cfg', 'b.cfg'].map(name => new SourceFile(name, 'foo;\nfoo;\n'))
    const report = new Report()
    for (const [file, start] of [
      [a!, 5],
      [b!, 0],
      [a!, 0],
    ] as const)
      report.error({ file, start, end: start + 3 }, 'CFG_SEMICOLON')
    expect(report.inOrder().map(({ file, line }) => `${file}:${line}`)).toEqual([
      'a.cfg:1',
      'a.cfg:2',
      'b.cfg:1',
    ])
  })
})
