/**
 * The records in memory, in front of those in the storage. What a message that leaves needs was
 * brought here when the one came in that it answers or follows: nothing waits on the way out.
 */
import type { Clock } from '../../lib/clock.ts'
import type { TopologyStorage } from './api.ts'
import { dialogKey, type TopologyRecord } from './data.ts'

/**
 * Milliseconds for which a dialog in memory is taken for the truth when the storage is our own:
 * another process may have the same file open.
 */
const TRUSTED = 10_000

interface Entry {
  readonly record: TopologyRecord
  /** When it was read or written last. */
  at: number
}

export class Store {
  private readonly storage: TopologyStorage
  private readonly clock: Clock
  private readonly dialogs = new Map<string, Entry>()
  private readonly branches = new Map<string, Entry>()
  /** Call-ID, To tag and dialog of an INVITE -> the Via branch of its record. */
  private readonly invites = new Map<string, string>()

  constructor(storage: TopologyStorage, clock: Clock) {
    this.storage = storage
    this.clock = clock
  }

  dialog(uuid: string): TopologyRecord | null {
    return this.dialogs.get(dialogKey(uuid))?.record ?? null
  }

  /** The transaction with this branch in the Via that we sent. */
  branch(viaBranch: string): TopologyRecord | null {
    return this.branches.get(viaBranch)?.record ?? null
  }

  /** The transaction of the INVITE that got a reply with this To tag. */
  invite(callId: string, toTag: string, uuid: string): TopologyRecord | null {
    const branch = this.invites.get(inviteKey(callId, toTag, uuid))
    return branch === undefined ? null : this.branch(branch)
  }

  /** Have other nodes had no time to change it? */
  isFresh(uuid: string): boolean {
    if (this.storage.shared) return false
    const entry = this.dialogs.get(dialogKey(uuid))
    return entry !== undefined && this.clock.now() - entry.at < TRUSTED
  }

  get isShared(): boolean {
    return this.storage.shared
  }

  async loadDialog(uuid: string): Promise<void> {
    const record = await this.storage.loadDialog(uuid)
    if (record !== null) this.keepDialog(record)
  }

  async loadBranch(viaBranch: string): Promise<void> {
    const record = await this.storage.loadBranch(viaBranch)
    if (record !== null) this.keepBranch(record)
  }

  async loadInvite(callId: string, toTag: string, uuid: string): Promise<void> {
    const record = await this.storage.loadInvite(callId, toTag, uuid)
    if (record !== null) this.keepBranch(record)
  }

  insertDialog(record: TopologyRecord, seconds = 0): void {
    this.keepDialog(record)
    this.storage.insertDialog(record, seconds)
  }

  prolongDialog(record: TopologyRecord, seconds: number): void {
    this.keepDialog(record)
    this.storage.prolongDialog(record.a_uuid, seconds)
  }

  insertBranch(record: TopologyRecord): void {
    this.keepBranch(record)
    this.storage.insertBranch(record)
  }

  updateDialog(record: TopologyRecord, changes: Partial<TopologyRecord>): void {
    if (!change(record, changes)) return
    this.keepDialog(record)
    this.storage.updateDialog(record.a_uuid, changes)
  }

  updateBranch(record: TopologyRecord, changes: Partial<TopologyRecord>): void {
    if (!change(record, changes)) return
    this.keepBranch(record)
    this.storage.updateBranch(record, changes, record.s_method === 'INVITE')
  }

  endDialog(record: TopologyRecord): void {
    record.iflags = 0
    this.keepDialog(record)
    this.storage.endDialog(record.a_uuid)
  }

  /** Forgets what was not used for so many milliseconds; the storage has its own times. */
  sweep(idle: number): void {
    const before = this.clock.now() - idle
    for (const [key, { at }] of this.dialogs) if (at <= before) this.dialogs.delete(key)
    for (const [key, { at, record }] of this.branches)
      if (at <= before) {
        this.branches.delete(key)
        this.invites.delete(inviteKey(record.a_callid, record.b_tag, record.a_uuid))
      }
    this.storage.clean()
  }

  private keepDialog(record: TopologyRecord): void {
    this.dialogs.set(dialogKey(record.a_uuid), { record, at: this.clock.now() })
  }

  private keepBranch(record: TopologyRecord): void {
    this.branches.set(record.x_vbranch, { record, at: this.clock.now() })
    if (record.s_method === 'INVITE' && record.b_tag !== '')
      this.invites.set(inviteKey(record.a_callid, record.b_tag, record.a_uuid), record.x_vbranch)
  }
}

const inviteKey = (callId: string, toTag: string, uuid: string): string =>
  `${toTag} ${dialogKey(uuid)} ${callId}`

/** False when there was nothing to change. */
function change(record: TopologyRecord, changes: Partial<TopologyRecord>): boolean {
  if (Object.keys(changes).length === 0) return false
  Object.assign(record, changes)
  return true
}
