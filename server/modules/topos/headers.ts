/** Headers that go away and headers that come back. */
import { Edit } from '../../sip/edit.ts'
import { endOfValue } from '../../sip/header/list.ts'
import { NEXT, type SipMessage, START, STRIDE } from '../../sip/message.ts'

/** Carries the name of the dialog through the node. */
export const DIALOG_HEADER = 'P-SR-XUID'
/** Carries the branch of the Via of ours through which a reply came. */
export const BRANCH_HEADER = 'P-SR-XBranch'

// ---- bits of header_mode: one value a line
export const SPLIT_VIA = 1
export const SPLIT_RECORD_ROUTE = 2
export const SPLIT_ROUTE = 4

/** Takes all lines of a header away. */
export function removeAll(msg: SipMessage, id: number, edits: Edit[]): void {
  for (let i = msg.find(id); i >= 0; i = msg.find(id, i + STRIDE)) removeAt(msg, i, edits)
}

/** Takes the header away; gives its value, null when there is none. */
export function takeNamed(msg: SipMessage, name: string, edits: Edit[]): string | null {
  const at = msg.findNamed(name)
  if (at < 0) return null
  removeAt(msg, at, edits)
  return msg.bodyAt(at)
}

function removeAt(msg: SipMessage, at: number, edits: Edit[]): void {
  const start = msg.headers[at + START]!
  edits.push(new Edit(start, msg.headers[at + NEXT]! - start, ''))
}

/** Puts a header behind all others; `split`: each value into a line of its own. */
export function append(
  msg: SipMessage,
  name: string,
  value: string,
  edits: Edit[],
  split = false,
): void {
  if (value === '') return
  for (const one of split ? valuesOf(value) : [value])
    edits.push(new Edit(msg.headersEnd, 0, `${name}: ${one}\r\n`))
}

/** Puts a header before all others. */
export const prepend = (msg: SipMessage, name: string, value: string, edits: Edit[]): void =>
  void edits.push(new Edit(msg.headersStart, 0, `${name}: ${value}\r\n`))

/** Route headers of recorded routes; `reversed` for the caller, who saw them from the other end. */
export function appendRoutes(
  msg: SipMessage,
  routes: string,
  reversed: boolean,
  split: boolean,
  edits: Edit[],
): void {
  if (!reversed) append(msg, 'Route', routes, edits, split)
  else if (routes !== '')
    for (const one of valuesOf(routes).toReversed()) append(msg, 'Route', one, edits)
}

function valuesOf(text: string): string[] {
  const values: string[] = []
  for (let from = 0; from < text.length; ) {
    const end = endOfValue(text, from, text.length)
    values.push(text.slice(from, end))
    from = end + 1
  }
  return values
}
