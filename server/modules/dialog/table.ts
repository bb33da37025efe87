/** All dialogs in memory: by their name (slot and number) and by their Call-ID. */
import { coreHash } from '../../lib/core-hash.ts'
import { DOWNSTREAM, type Match, NO_DIRECTION, UPSTREAM } from './api.ts'
import type { Dialog } from './dialog-record.ts'

/** How numbers within a slot begin and grow (h_id_start, h_id_step). */
export interface Numbering {
  /** The number with which a slot begins. */
  readonly start: () => number
  readonly step: number
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

  /** A number that no dialog of this slot has; never 0. */
  newId(entry: number): number {
    let id = this.nextIds[entry] ?? this.numbering.start()
    if (id === 0) id = this.numbering.step
    this.nextIds[entry] = (id + this.numbering.step) >>> 0
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

  ofCall(callId: string): readonly Dialog[] {
    return this.byCall.get(callId) ?? []
  }

  findCall(callId: string, fromTag: string, toTag: string, direction: number): Match | null {
    for (const dialog of this.ofCall(callId)) {
      const found = directionIn(dialog, fromTag, toTag, direction)
      if (found !== NO_DIRECTION) return { dialog, direction: found }
    }
    return null
  }

  /** Slot by slot, in a slot oldest first. */
  all(): Dialog[] {
    return [...this.byName.values()].sort((a, b) => a.entry - b.entry)
  }
}

const nameOf = (entry: number, id: number): number => entry * 0x1_0000_0000 + id

/** Which way a message with these tags goes in the dialog; NO_DIRECTION: it is none of it. */
export function directionIn(
  dialog: Dialog,
  fromTag: string,
  toTag: string,
  direction: number,
): number {
  const [caller, callee] = dialog.legs
  const down = direction !== UPSTREAM && caller.tag === fromTag
  const up = direction !== DOWNSTREAM && caller.tag === toTag
  if (callee.tag === '') return up ? UPSTREAM : down ? DOWNSTREAM : NO_DIRECTION
  if (down && (callee.tag === toTag || toTag === '')) return DOWNSTREAM
  if (up && (callee.tag === fromTag || fromTag === '')) return UPSTREAM
  return NO_DIRECTION
}
