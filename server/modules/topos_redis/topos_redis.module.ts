/** The surface of topos_redis: every name that a config can use. */
import { defineModule, strParam } from '../../core/module/index.ts'
import { redis } from '../ndb_redis/api.ts'
import { topos } from '../topos/api.ts'
import { ToposRedis } from './topos_redis.ts'

export const params = {
  serverid: strParam({ default: '', doc: 'Name of the server, as the parameter of ndb_redis.' }),
}

export const needs = { redis, topos }

export default defineModule({
  name: 'topos_redis',
  doc: 'Keeps what topos strips in Redis.',
  needs,
  params,
  instance: ToposRedis,
})
