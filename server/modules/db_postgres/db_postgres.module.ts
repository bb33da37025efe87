/** The surface of db_postgres: every name that a config can use. */
import { defineModule, eachParam, intParam } from '../../core/module/index.ts'
import { readConnectionParameter } from './address.ts'
import { DbPostgres } from './db_postgres.ts'

export const params = {
  retries: intParam({
    default: 2,
    min: 0,
    doc: 'How often a query whose connection is lost is tried again.',
  }),
  timeout: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds in which a connection has to stand; 0: as long as a statement may take.',
  }),
  tcp_keepalive: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds of silence after which TCP asks whether the server is there; 0: never.',
  }),
  con_param: eachParam({
    doc: 'name=value of a connection: sslmode, sslrootcert, connect_timeout, application_name ...',
    parse: text => readConnectionParameter(String(text)),
  }),
  lockset: intParam({
    default: 4,
    doc: 'Taken, and without effect: the database itself sees to it that rows are not made twice.',
  }),
  bytea_output_escape: intParam({
    default: 1,
    doc: 'Taken, and without effect: blobs come as they are, however the server writes them.',
  }),
}

export default defineModule({
  name: 'db_postgres',
  doc: 'Databases of PostgreSQL: postgres://user:password@host/database.',
  needs: {},
  params,
  instance: DbPostgres,
})
