/** Bits of the flags of a destination, as lists and the database write them. */
export const INACTIVE = 1
export const TRYING = 2
/** By an administrator. */
export const DISABLED = 4
export const PROBING = 8
/** The host is not looked up. */
export const NO_DNS = 16
/** What a change of state sets anew. */
export const STATES = INACTIVE | TRYING | DISABLED | PROBING

/** Is nothing sent to it? */
export const isDown = (flags: number): boolean => (flags & (INACTIVE | DISABLED)) !== 0

/** The letters of ds_mark_dst: `ip` is inactive and probed. -1 when one of them is none. */
export function readStates(letters: string): number {
  let flags = 0
  for (const letter of letters.toLowerCase()) {
    if (letter === 'a') flags &= ~STATES
    else if (letter === 'i') flags |= INACTIVE
    else if (letter === 'd') flags |= DISABLED
    else if (letter === 't') flags |= TRYING
    else if (letter === 'p') flags |= PROBING
    else return -1
  }
  return flags
}

/** `AP`: state, and whether it is probed. */
export function shownStates(flags: number): string {
  const state =
    (flags & INACTIVE) !== 0
      ? 'I'
      : (flags & DISABLED) !== 0
        ? 'D'
        : (flags & TRYING) !== 0
          ? 'T'
          : 'A'
  return `${state}${(flags & PROBING) === 0 ? 'X' : 'P'}`
}
