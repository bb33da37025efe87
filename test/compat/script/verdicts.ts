/**
 * Files of verdicts (*.verdicts): one small config a line, and whether the real `kamailio -c` takes
 * it. The format:
 *
 *     :: statements: request_route { % }      what the lines below stand in, at the %
 *     + if (1) exit;                          taken
 *     - if (1) {}                             refused
 *     ! xlog("$nope");                        taken, but it does not start with it
 *     - strip("1");   ## a reason             refused, and taken here for that reason
 *     ! route(NOPE);  ## a reason             does not start, and taken here for that reason
 *
 * A line with `?` is one that record-verdicts.ts has yet to ask about; `<nl>` is a line end.
 */
import { MODULES } from './cases.ts'

export interface Verdict {
  readonly text: string
  readonly mark: string
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
    if (line.startsWith(':: ')) frame = line.slice(line.indexOf(': ', 3) + 2)
    const mark = /^([-+!?]) /.exec(line)?.[1]
    if (mark === undefined) return { line, verdict: null }
    const [text = '', why = ''] = line.slice(2).split(/ +## /)
    const written = frame.replaceAll('%', () => text).replaceAll('<nl>', '\n')
    const bare = frame.startsWith('!')
    const config = bare ? `${written.slice(1)}\n` : `${HEAD}${written}\n`
    return { line, verdict: { text, mark, why, config } }
  })
}

/** The line with what was recorded. */
export const recordedLine = ({ text, why }: Verdict, mark: string): string =>
  `${mark} ${text}${why === '' ? '' : `   ## ${why}`}`
