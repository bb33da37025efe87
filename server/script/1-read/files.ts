/** Where includes are looked for. */
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

/** How files are read: null when there is none. */
export type ReadFile = (path: string) => string | null

/** What -f - stands for. */
export const STANDARD_INPUT = '/dev/stdin'

/** From the disk, as byte strings. */
export const readFromDisk: ReadFile = path => {
  try {
    // What is connected to a socket cannot be opened by its name.
    return readFileSync(path === STANDARD_INPUT ? 0 : path, 'latin1')
  } catch {
    return null
  }
}

export interface Found {
  readonly path: string
  readonly text: string
}

/**
 * An include as it is named, seen from the working directory, and then from the folder of the file
 * that includes it.
 */
export function findInclude(name: string, includer: string, read: ReadFile): Found | null {
  const paths = isAbsolute(name) ? [name] : [name, join(dirname(includer), name)]
  for (const path of paths) {
    const text = read(path)
    if (text !== null) return { path, text }
  }
  return null
}
