/** The instance of topos_redis: records of topos as hashes of Redis, as Kamailio lays them out. */
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { RedisValue } from '../ndb_redis/api.ts'
import {
  BRANCH_COLUMNS,
  DIALOG_COLUMNS,
  dialogKey,
  recordOf,
  type TopologyRecord,
  type TopologyStorage,
} from '../topos/api.ts'
import type { needs, params } from './topos_redis.module.ts'

type Env = ModuleEnv<typeof params, typeof needs>

const BRANCH = 'b:x:'
const INVITE = 'b:x:INVITE:'
const DIALOG = 'd:z:'

export class ToposRedis implements TopologyStorage {
  private readonly core: Env['core']
  private readonly server: string
  private readonly apis: Env['apis']
  /** Between a failure and the next success: told once. */
  private failing = false

  constructor(env: Env) {
    const { serverid } = env.config
    this.core = env.core
    this.server = serverid
    this.apis = env.apis
    if (!env.apis.redis.has(serverid))
      throw new BadValue(
        `topos_redis: serverid ${serverid || 'is not set'}: ndb_redis has no such server`,
        'modparam("topos_redis", "serverid", "srv1")',
      )
    env.apis.topos.provideStorage('redis', this)
  }

  get shared(): boolean {
    return !this.failing
  }

  start(): void {}

  stop(): void {}

  insertDialog(record: TopologyRecord, seconds: number): void {
    const key = DIALOG + dialogKey(record.a_uuid)
    this.put(key, record, DIALOG_COLUMNS, seconds || this.apis.topos.dialogExpire)
  }

  prolongDialog(uuid: string, seconds: number): void {
    const key = DIALOG + dialogKey(uuid)
    this.write('EXPIRE', key, seconds || this.apis.topos.dialogExpire)
  }

  insertBranch(record: TopologyRecord): void {
    this.put(BRANCH + record.x_vbranch, record, BRANCH_COLUMNS, this.apis.topos.branchExpire)
  }

  updateDialog(uuid: string, changes: Partial<TopologyRecord>): void {
    this.change(DIALOG + dialogKey(uuid), changes)
  }

  updateBranch(branch: TopologyRecord, changes: Partial<TopologyRecord>, invite: boolean): void {
    this.change(BRANCH + branch.x_vbranch, changes)
    if (!invite || branch.b_tag === '') return
    const key = inviteKey(branch.a_callid, branch.b_tag, branch.a_uuid)
    this.write('HMSET', key, 'rectime', this.now(), 'x_vbranch', branch.x_vbranch)
    this.write('EXPIRE', key, this.apis.topos.branchExpire)
  }

  endDialog(uuid: string): void {
    const key = DIALOG + dialogKey(uuid)
    this.write('HMSET', key, 'rectime', this.now(), 'iflags', 0)
    this.write('EXPIRE', key, this.apis.topos.branchExpire)
  }

  loadDialog(uuid: string): Promise<TopologyRecord | null> {
    return this.read(DIALOG + dialogKey(uuid))
  }

  loadBranch(viaBranch: string): Promise<TopologyRecord | null> {
    return this.read(BRANCH + viaBranch)
  }

  async loadInvite(callId: string, toTag: string, uuid: string): Promise<TopologyRecord | null> {
    const found = await this.read(inviteKey(callId, toTag, uuid))
    return found === null ? null : this.loadBranch(found.x_vbranch)
  }

  /** Redis does that itself. */
  clean(): void {}

  private now(): number {
    return Math.floor(this.core.clock.now() / 1000)
  }

  private put(
    key: string,
    record: TopologyRecord,
    columns: readonly (keyof TopologyRecord)[],
    seconds: number,
  ): void {
    const fields = columns.flatMap(name => (record[name] === '' ? [] : [name, record[name]]))
    this.write('HMSET', key, 'rectime', this.now(), ...fields)
    this.write('EXPIRE', key, seconds)
  }

  private change(key: string, changes: Partial<TopologyRecord>): void {
    const fields = Object.entries(changes).flatMap(([name, value]) =>
      value === '' ? [] : [name, value],
    )
    if (fields.length > 0) this.write('HMSET', key, ...fields)
  }

  private write(...args: (string | number)[]): void {
    this.apis.redis.command(this.server, args).then(
      () => {
        this.failing = false
      },
      (error: Error) => this.tell(error.message),
    )
  }

  private async read(key: string): Promise<TopologyRecord | null> {
    try {
      const fields = fieldsOf(await this.apis.redis.command(this.server, ['HGETALL', key]))
      this.failing = false
      return fields === null ? null : recordOf(fields)
    } catch (error) {
      this.tell((error as Error).message)
      throw error
    }
  }

  private tell(text: string): void {
    if (!this.failing)
      this.core.log.error('topos_redis', `failed to execute redis command: ${text}`)
    this.failing = true
  }
}

/** The same for both sides of the dialog. */
const inviteKey = (callId: string, toTag: string, uuid: string): string =>
  `${INVITE}${callId}:${toTag}:x${uuid.slice(1)}`

function fieldsOf(reply: RedisValue): Record<string, unknown> | null {
  if (!Array.isArray(reply) || reply.length < 2) return null
  const fields: Record<string, unknown> = {}
  for (let i = 0; i + 1 < reply.length; i += 2) fields[String(reply[i])] = reply[i + 1]
  return fields
}
