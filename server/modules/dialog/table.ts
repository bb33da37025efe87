/** All dialogs in memory: by their name (slot and number) and by their Call-ID. */
import { coreHash } from '../../lib/core-hash.ts'
import { CONFIRMED_NO_ACK, DOWNSTREAM, NO_DIRECTION, UPSTREAM } from './api.ts'
import type { Dialog } from './dialog-record.ts'

/** How numbers within a slot begin and grow: start + N * step, N at random at first. */
export interface Numbering {
  readonly start: number
  readonly step: number
  /** The first N of a slot. */
  readonly first: () => number
}

/** A dialog with the direction in which it was asked about. */
export interface Match {
  readonly dialog: Dialog
  readonly direction: number
}

export class DialogTable {
  readonly slots: number
  private readonly bits: number
  private readonly numbering: Numbering
  private readonly nextIds: number[] = []
  /** `entry * 2^32 + id`. */
  private readonly byName = new Map<number, Dialog>()
  private readonly byCall = new Map<string, Dialog[]>()

  /** `bits`: there are 2 ** bits slots. */
  constructor(bits: number, numbering: Numbering) {
    this.bits = bits
    this.slots = 2 ** bits
    this.numbering = numbering
  }

  get size(): number {
    return this.byName.size
  }

  entryOf(callId: string): number {
    return coreHash(callId, '', this.bits)
  }

  /** The next number of a slot; 0 stands for no dialog and is none. */
  newId(entry: number): number {
    const { start, step, first } = this.numbering
    let id = this.nextIds[entry] ?? start + first() * step
    if (id === 0 || id > LARGEST_ID) id = start === 0 ? step : start
    this.nextIds[entry] = id + step
    return id
  }

  /** False when its name is taken. */
  insert(dialog: Dialog): boolean {
    const name = nameOf(dialog.entry, dialog.id)
    if (this.byName.has(name)) return false
    this.byName.set(name, dialog)
    const same = this.byCall.get(dialog.callId)
    if (same === undefined) this.byCall.set(dialog.callId, [dialog])
    else same.push(dialog)
    return true
  }

  /** False when it is not there any more. */
  remove(dialog: Dialog): boolean {
    const name = nameOf(dialog.entry, dialog.id)
    if (this.byName.get(name) !== dialog) return false
    this.byName.delete(name)
    const same = this.byCall.get(dialog.callId)!
    if (same.length === 1) this.byCall.delete(dialog.callId)
    else same.splice(same.indexOf(dialog), 1)
    return true
  }

  find(entry: number, id: number): Dialog | null {
    return this.byName.get(nameOf(entry, id)) ?? null
  }

  /** The dialogs with this Call-ID, oldest first. */
  ofCall(callId: string): readonly Dialog[] {
    return this.byCall.get(callId) ?? []
  }

  /**
   * By Call-ID and tags. `direction`: which way the tags are to be read; NO_DIRECTION tries both.
   */
  findCall(callId: string, fromTag: string, toTag: string, direction: number): Match | null {
    for (const dialog of this.ofCall(callId)) {
      const found = directionIn(dialog, fromTag, toTag, direction)
      if (found !== NO_DIRECTION) return { dialog, direction: found }
    }
    return null
  }

  /** In no particular order; what is removed meanwhile is left out. */
  each(): IterableIterator<Dialog> {
    return this.byName.values()
  }

  /** Slot by slot, in a slot oldest first. */
  all(): Dialog[] {
    return [...this.byName.values()].sort((a, b) => a.entry - b.entry)
  }
}

/** What 32 bits hold. */
const LARGEST_ID = 0xffff_ffff

const nameOf = (entry: number, id: number): number => entry * 0x1_0000_0000 + id

/**
 * Which way a message with these tags goes in the dialog; NO_DIRECTION: it is none of it. As long
 * as nobody has answered, the caller's tag decides alone.
 */
export function directionIn(
  dialog: Dialog,
  fromTag: string,
  toTag: string,
  direction: number,
): number {
  const [caller, callee] = dialog.legs
  const up = direction !== DOWNSTREAM && caller.tag === toTag
  const down = direction !== UPSTREAM && caller.tag === fromTag
  if (callee.tag === '') return up ? UPSTREAM : down ? DOWNSTREAM : NO_DIRECTION
  if (up && callee.tag === fromTag) return UPSTREAM
  if (down && callee.tag === toTag) return DOWNSTREAM
  // The 2xx of an INVITE, which had no To tag itself.
  const answering = toTag === '' && dialog.state === CONFIRMED_NO_ACK
  return answering && down && direction === NO_DIRECTION ? DOWNSTREAM : NO_DIRECTION
}
