/** The surface of db_mysql: every name that a config can use. */
import { counter, defineModule, intParam, since6, strParam } from '../../core/module/index.ts'
import { DbMysql } from './db_mysql.ts'

const idle = 'Taken, and without effect: db_deadline bounds every statement.'

export const params = {
  ping_interval: intParam({
    default: 300,
    min: 0,
    doc: 'Seconds between two pings of a connection that nobody uses; 0: none.',
  }),
  timeout_interval: intParam({
    default: 2,
    min: 1,
    doc: 'Seconds in which a connection has to stand.',
  }),
  auto_reconnect: intParam({
    default: 1,
    doc: 'Not 0: a query whose connection is lost is tried on another one.',
  }),
  retries: intParam({ default: 1, min: 0, doc: 'How often it is tried again.' }),
  insert_delayed: intParam({ default: 0, doc: 'Taken, with a warning, and without effect.' }),
  update_affected_found: intParam({
    default: 0,
    doc: 'Not 0: affected rows are those that were found, changed or not.',
  }),
  unsigned_type: intParam({
    default: 0,
    doc: 'Not 0: columns of unsigned ints are 64 bits wide numbers.',
  }),
  opt_ssl_mode: intParam({
    default: 0,
    min: 0,
    max: 5,
    doc: '0, 1: not encrypted; 2: if possible; 3: encrypted; 4: certificate, 5: name checked, too.',
  }),
  opt_ssl_ca: since6(
    strParam({ default: '', doc: 'File with certificates of authorities, for opt_ssl_mode 4, 5.' }),
  ),
  connect_timeout: intParam({ default: 2, doc: idle }),
  send_timeout: intParam({ default: 2, doc: idle }),
  receive_timeout: intParam({ default: 4, doc: idle }),
  server_timezone: intParam({
    default: 0,
    doc: 'Taken, and without effect: times are those of the node.',
  }),
}

export const stats = {
  driver_errors: counter(
    'incremented each time a Mysql error happened because the server/connection has failed.',
  ),
}

export default defineModule({
  name: 'db_mysql',
  doc: 'Databases of MySQL and MariaDB: mysql://user:password@host/database.',
  needs: {},
  params,
  statsGroup: 'mysql',
  stats,
  instance: DbMysql,
})
