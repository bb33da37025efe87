/**
 * Files of verdicts (*.verdicts): one small config a line, and whether the real `kamailio -c` takes
 * it. The format:
 *
 *     == statements: request_route { % }      what the lines below stand in, at the %
 *     + if (1) exit;                          taken
 *     - if (1) {}                             refused
 *     - strip("1");   ## a reason             refused, and taken here for that reason
 *
 * A line without a mark is one that record-verdicts.ts has yet to ask about; `~` is a line end.
 */
import { MODULES } from './cases.ts'

export interface Verdict {
  readonly text: string
  /** Null before it was recorded. */
  readonly taken: boolean | null
  /** Why ours says the opposite; '' when it does not. */
  readonly why: string
  readonly config: string
}

const HEAD = `#!KAMAILIO\n${MODULES.map(name => `loadmodule "${name}.so"\n`).join('')}`

/** One line of a file, with its verdict when it is one. */
export interface Line {
  readonly line: string
  readonly verdict: Verdict | null
}

export function readVerdicts(file: string): Line[] {
  let frame = '%'
  return file.split('\n').map(line => {
    if (line.startsWith('== ')) frame = line.slice(line.indexOf(': ') + 2)
    if (line === '' || line.startsWith('== ') || line.startsWith('# '))
      return { line, verdict: null }
    const mark = /^([-+]) /.exec(line)?.[1]
    const [text = '', why = ''] = line.slice(mark === undefined ? 0 : 2).split(/ +## /)
    const written = frame.replaceAll('%', () => text).replaceAll('~', '\n')
    const bare = frame.startsWith('!')
    const config = bare ? `${written.slice(1)}\n` : `${HEAD}${written}\n`
    const taken = mark === undefined ? null : mark === '+'
    return { line, verdict: { text, taken, why, config } }
  })
}

/** The line with what was recorded. */
export const recordedLine = ({ text, why }: Verdict, taken: boolean): string =>
  `${taken ? '+' : '-'} ${text}${why === '' ? '' : `   ## ${why}`}`
