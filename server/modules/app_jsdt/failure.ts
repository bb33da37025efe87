/** What a script threw, as an operator wants to read it: where, what, and on which way. */

/** `/etc/kamailio/route.js:18: Error: boo (thr, ksr_request_route:3)` */
export function describe(error: unknown, isScript: (file: string) => boolean): string {
  const what = textOf(error)
  const frames = framesOf(error).filter(({ file }) => isScript(file))
  const [first, ...others] = frames
  if (first === undefined) return what
  const way = [first.name, ...others.map(({ name, line }) => `${name}:${line}`)].join(', ')
  return `${first.file}:${first.line}: ${what} (${way})`
}

/** A thrown object may lie about itself, or throw when it is asked. */
function textOf(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'something that has no text'
  }
}

interface Frame {
  readonly name: string
  readonly file: string
  readonly line: string
}

const FRAME = /^\s+at (?:(.+?) \()?([^()\s][^()]*?):(\d+):\d+\)?$/gm

function framesOf(error: unknown): Frame[] {
  const stack = stackOf(error)
  return [...stack.matchAll(FRAME)].map(([, name = 'top', file, line]) => ({
    name,
    file: file!,
    line: line!,
  }))
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  try {
    return String((error as { stack?: unknown }).stack ?? '')
  } catch {
    return ''
  }
}
