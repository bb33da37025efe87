import { int, list, long, methods, record, text } from '../schema.ts'

const cluster = text('cluster')
const connection = text('connection')

/** `dbcl.*` - clusters of databases. */
export const dbcl = methods({
  'dbcl.list_clusters': {
    doc: 'List db clusters.',
    class: 'read',
    params: [],
    result: list(record({ cluster: text() })),
  },
  'dbcl.list_connections': {
    doc: 'List connections of cluster.',
    class: 'read',
    params: [cluster],
    badParams: [[500, 'Not enough parameters (cluster)']],
    result: list(
      record({
        connection: text(),
        url: text('without its password'),
        flags: int(),
        state: text('active or disabled'),
        ticks: long('seconds since the start of the node until which it is disabled'),
        ref: int('clusters in use that have it'),
      }),
    ),
  },
  'dbcl.disable_connection': {
    doc: 'Disable a connection of cluster for a period.',
    class: 'write',
    params: [cluster, connection, int('seconds')],
    badParams: [[500, 'Not enough parameters (cluster) (connection) (seconds)']],
    result: text(),
  },
  'dbcl.enable_connection': {
    doc: 'Enable a connection of cluster.',
    class: 'write',
    params: [cluster, connection],
    badParams: [[500, 'Not enough parameters (cluster) (connection)']],
    result: text(),
  },
})
