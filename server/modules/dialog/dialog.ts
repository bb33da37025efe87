/** The instance of dialog: the table, who wants to know of what happens, and the doors to it. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, CountersOf, ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { RecordRouting } from '../rr/api.ts'
import type { TmApi } from '../tm/api.ts'
import {
  type DialogApi,
  type DialogCallback,
  type DialogStorage,
  type Match,
  NO_DIRECTION,
} from './api.ts'
import type { needs, stats } from './dialog.module.ts'
import { startDatabase, stopDatabase } from './database.ts'
import type { Dialog } from './dialog-record.ts'
import type { params } from './params.ts'
import { Profiles } from './profiles.ts'
import { DialogTable } from './table.ts'

interface Listener {
  readonly events: number
  readonly callback: DialogCallback
}

export class Dialogs implements DialogApi {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly stats: CountersOf<typeof stats>
  readonly tm: TmApi
  readonly rr: RecordRouting
  readonly table: DialogTable
  readonly listeners: Listener[] = []
  /** null: nothing is kept beside the memory. */
  storage: DialogStorage | null = null
  readonly profiles: Profiles

  constructor(env: ModuleEnv<typeof params, typeof needs, typeof stats>) {
    const { core, config, apis } = env
    this.core = core
    this.config = config
    this.stats = env.stats
    this.tm = apis.tm
    this.rr = apis.rr
    this.profiles = new Profiles(this)
    this.table = new DialogTable(12, { start: () => 1, step: 1 })
  }

  async start(): Promise<void> {
    await startDatabase(this)
  }

  async stop(): Promise<void> {
    await stopDatabase(this)
  }

  error(text: string): void {
    this.core.log.error('dialog', text)
  }

  // ---- api.ts
  get size(): number {
    return this.table.size
  }

  dialogOf(_msg: SipMessage): Dialog | null {
    return null
  }

  directionOf(_msg: SipMessage): number {
    return NO_DIRECTION
  }

  manage(_msg: SipMessage): boolean {
    return false
  }

  find(entry: number, id: number): Dialog | null {
    return this.table.find(entry, id)
  }

  findCall(callId: string, fromTag: string, toTag: string, direction: number): Match | null {
    return this.table.findCall(callId, fromTag, toTag, direction)
  }

  ofCall(callId: string): readonly Dialog[] {
    return this.table.ofCall(callId)
  }

  all(): Dialog[] {
    return this.table.all()
  }

  on(events: number, callback: DialogCallback): void {
    this.listeners.push({ events, callback })
  }

  setLifetime(_dialog: Dialog, _seconds: number): void {}

  terminate(_dialog: Dialog, _headers: string): boolean {
    return false
  }

  terminateSide(_dialog: Dialog, _side: number, _headers: string): boolean {
    return false
  }

  variable(dialog: Dialog, key: string): string | null {
    return dialog.variables?.get(key)?.value ?? null
  }

  setVariable(_dialog: Dialog, _key: string, _value: string | null): void {}

  setStorage(storage: DialogStorage): void {
    this.storage = storage
  }

  restore(_dialog: Dialog, _remaining: number): boolean {
    return false
  }
}
