/**
 * Edits of a message (Kamailio calls them lumps): nothing is changed in place; a list of "at this
 * offset remove so much and put this text" is applied once, when the message is printed.
 */
import type { SocketInfo } from './transport.ts'

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

/**
 * An edit whose text depends on the socket that the message leaves from, which is known only when
 * it is printed.
 */
export abstract class SocketEdit extends Edit {
  /** `all` are the edits of the message: some only add to others. */
  abstract textFrom(socket: SocketInfo, all: readonly Edit[]): string
}

/** A copy of the edits with the texts that they have when the message leaves from this socket. */
export function editsFrom(edits: readonly Edit[], socket: SocketInfo): Edit[] {
  const out = edits.slice()
  for (let i = 0; i < out.length; i++) {
    const edit = out[i]!
    if (edit instanceof SocketEdit)
      out[i] = new Edit(edit.at, edit.remove, edit.textFrom(socket, edits))
  }
  return out
}

/** Up to so many are sorted here: the runtime's sort takes half a kilobyte of memory each time. */
const FEW = 32

/**
 * Puts edits in the order of their offsets, in place; those at one offset stay in the order in
 * which they were made.
 */
export function inOrder(edits: Edit[]): Edit[] {
  if (edits.length > FEW) return edits.sort((a, b) => a.at - b.at)
  for (let i = 1; i < edits.length; i++) {
    const edit = edits[i]!
    let place = i
    for (; place > 0 && edits[place - 1]!.at > edit.at; place--) edits[place] = edits[place - 1]!
    edits[place] = edit
  }
  return edits
}

/**
 * The piece of `source` from `from` to `to` with the edits that fall into it applied. `edits` must
 * be in order.
 */
export function applyEdits(source: string, from: number, to: number, edits: Edit[] | null): string {
  if (edits === null || edits.length === 0) return source.slice(from, to)
  let out = ''
  let at = from
  for (const edit of edits) {
    if (edit.at < from || edit.at > to) continue
    // What an earlier edit removed cannot be removed or kept again; an insertion inside it still
    // stands.
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
