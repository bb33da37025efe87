/** Redis servers, as other modules use them (topos_redis). */
import { api } from '../../core/module/index.ts'

export interface RedisServers {
  /** Is there a `server` parameter with this name? */
  has(name: string): boolean
  /**
   * Sends a command; strings are bytes. Commands to one server are sent in order. Rejected when the
   * server does not answer in time or says that something is wrong.
   */
  command(name: string, args: readonly (string | number)[]): Promise<RedisValue>
}

export type RedisValue = string | number | null | RedisValue[]

export const redis = api<RedisServers>('ndb_redis')
