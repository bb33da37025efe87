/**
 * Edits of a message (Kamailio calls them lumps): nothing is changed in place; a list of "at this offset remove so much and
 * put this text" is applied once, when the message is printed.
 */
export class Edit {
  readonly at: number
  readonly remove: number
  readonly text: string

  constructor(at: number, remove: number, text: string) {
    this.at = at
    this.remove = remove
    this.text = text
  }
}

/** Edits in the order of their offsets; those at one offset stay in the order in which they were made. */
export function inOrder(edits: Edit[]): Edit[] {
  let sorted = true
  for (let i = 1; i < edits.length; i++) if (edits[i - 1]!.at > edits[i]!.at) sorted = false
  return sorted ? edits : edits.slice().sort((a, b) => a.at - b.at)
}

/** The piece of `source` from `from` to `to` with the edits that fall into it applied. `edits` must be in order. */
export function applyEdits(source: string, from: number, to: number, edits: Edit[] | null): string {
  if (edits === null || edits.length === 0) return source.slice(from, to)
  let out = ''
  let at = from
  for (const edit of edits) {
    if (edit.at < from || edit.at > to) continue
    // What an earlier edit removed cannot be removed or kept again; an insertion inside it still stands.
    if (edit.at > at) {
      out += source.slice(at, edit.at)
      at = edit.at
    }
    out += edit.text
    const end = edit.at + edit.remove
    if (end > at) at = end
  }
  return at < to ? out + source.slice(at, to) : out
}
