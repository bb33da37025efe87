/**
 * The branch parameter of our Vias: `z9hG4bK<bucket, 4 digits>.<label, 8 digits><worker>.<branch>`.
 * A reply finds its transaction by these numbers alone; the label is random, so that nobody off the
 * path can answer for a peer.
 */
import { hex32 } from '../../sip/reply-tag.ts'
import { MAGIC_COOKIE } from '../../sip/header/via.ts'

const LABEL_AT = MAGIC_COOKIE.length + 5
const WORKER_AT = LABEL_AT + 8
const BRANCH_AT = WORKER_AT + 2

/** Which loop of the node a transaction belongs to. */
const WORKER = '0'

/** Everything of the parameter but the branch number. */
export const branchPrefix = (bucket: number, label: number): string =>
  `${MAGIC_COOKIE}${hex32(bucket).slice(4)}.${hex32(label)}${WORKER}.`

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1
}

/** The number written in `text` from `from` to `to`, -1 when it is none. */
function number(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const d = digit(text.charCodeAt(i))
    if (d < 0) return -1
    value = value * 16 + d
  }
  return value
}

/** The three numbers of a parameter, read into one object that is used again. */
export class BranchId {
  bucket = 0
  label = 0
  branch = 0

  /** False when the parameter was not made by `branchPrefix`. */
  read(text: string): boolean {
    if (text.length <= BRANCH_AT || text.length > BRANCH_AT + 3) return false
    if (text.charCodeAt(LABEL_AT - 1) !== 0x2e || text.charCodeAt(BRANCH_AT - 1) !== 0x2e)
      return false
    this.bucket = number(text, MAGIC_COOKIE.length, LABEL_AT - 1)
    this.label = number(text, LABEL_AT, WORKER_AT)
    this.branch = number(text, BRANCH_AT, text.length)
    return this.bucket >= 0 && this.label >= 0 && this.branch >= 0 && text.startsWith(MAGIC_COOKIE)
  }
}
