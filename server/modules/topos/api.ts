/** Storages of topos, as other modules give them (topos_redis). */
import { api } from '../../core/module/index.ts'
import type { TopologyRecord } from './data.ts'

export {
  BRANCH_COLUMNS,
  DIALOG_COLUMNS,
  dialogKey,
  recordOf,
  type TopologyRecord,
} from './data.ts'

/**
 * Where records lie beyond the memory of the node. What is written is there for what is read later;
 * writing never waits, and what goes wrong with it is logged by the storage. A read that fails is
 * rejected.
 */
export interface TopologyStorage {
  /** May other nodes change what lies there? Not while it cannot be reached. */
  readonly shared: boolean
  start(): void | Promise<void>
  stop(): void | Promise<void>
  /** `seconds` says how long a subscription lasts; 0: as long as any dialog. */
  insertDialog(record: TopologyRecord, seconds: number): void
  insertBranch(record: TopologyRecord): void
  updateDialog(uuid: string, changes: Partial<TopologyRecord>): void
  /** `invite`: it is an INVITE's, which is to be found by its Call-ID and To tag from now on. */
  updateBranch(branch: TopologyRecord, changes: Partial<TopologyRecord>, invite: boolean): void
  /** It was hung up: it stays as long as a transaction. */
  endDialog(uuid: string): void
  /** A subscription was refreshed. */
  prolongDialog(uuid: string, seconds: number): void
  loadDialog(uuid: string): Promise<TopologyRecord | null>
  loadBranch(viaBranch: string): Promise<TopologyRecord | null>
  loadInvite(callId: string, toTag: string, uuid: string): Promise<TopologyRecord | null>
  /** Removes what is older than it may be. */
  clean(): void
}

export interface TopologyStripping {
  /** Seconds that records of transactions and of dialogs are kept. */
  readonly branchExpire: number
  readonly dialogExpire: number
  /** The storage that the parameter `storage` names (not `db`). */
  provideStorage(name: string, storage: TopologyStorage): void
}

export const topos = api<TopologyStripping>('topos')
