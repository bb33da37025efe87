/** Patterns of file names, as fnmatch(3) of the C library matches them. */
import { BadValue } from './module/index.ts'

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')

/** Throws BadValue when it is malformed. */
export function globToRegex(glob: string): RegExp {
  let out = ''
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i]!
    if (char === '*') out += '[^]*'
    else if (char === '?') out += '[^]'
    else if (char === '\\' && i + 1 < glob.length) out += escaped(glob[++i]!)
    else if (char === '[') {
      // A ] in front is one of the characters.
      const from = i + (/[!^]/.test(glob[i + 1] ?? '') ? 2 : 1)
      const end = glob.indexOf(']', from + 1)
      if (end < 0) out += '\\['
      else {
        const negated = from === i + 2 ? '^' : ''
        out += `[${negated}${glob.slice(from, end).replace(/[\\\]^[]/g, '\\$&')}]`
        i = end
      }
    } else out += escaped(char)
  }
  try {
    return new RegExp(`^${out}$`)
  } catch (error) {
    throw new BadValue(`malformed pattern "${glob}": ${(error as Error).message}`)
  }
}
