/** The surface of db_redis: every name that a config can use. */
import { defineModule, eachParam, intParam, strParam } from '../../core/module/index.ts'
import { DbRedis } from './db_redis.ts'
import { readKeys } from './keys.ts'

export const params = {
  schema_path: strParam({
    default: '/usr/share/kamailio/db_redis',
    doc: 'Folder of the files that say which columns a table has.',
  }),
  keys: eachParam({
    doc: 'Keys of tables: table=entry:column,column&map:column,column;table=...',
    parse: text => readKeys(String(text)),
  }),
  verbosity: intParam({ default: 1, doc: 'Taken, and without effect.' }),
}

export default defineModule({
  name: 'db_redis',
  doc: 'Tables in Redis: redis://host:port/number.',
  needs: {},
  params,
  instance: DbRedis,
})
