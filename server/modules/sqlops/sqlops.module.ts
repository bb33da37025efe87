/** The surface of sqlops: every name that a config can use. */
import {
  defineModule,
  eachParam,
  fn,
  format,
  inKemi,
  intParam,
  kemiFn,
  int,
  keyed,
  optional,
  text,
  writablePvars,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import * as query from './query.ts'
import { readPart } from './read.ts'
import { readConnection, SqlOps } from './sqlops.ts'
import { sqlTransformations } from './transformations.ts'

export const params = {
  sqlcon: eachParam({ doc: 'A connection: name=>URL.', parse: readConnection }),
  sqlres: eachParam({ doc: 'Name of a result. They need not be declared.', parse: name => name }),
  tr_buf_size: intParam({ default: 2048, min: 1, doc: 'Taken, and without effect.' }),
  connect_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: the node starts though a database is away.',
  }),
  results_maxsize: intParam({ default: 32, min: 1, doc: 'Results that a message may have.' }),
}

const CONNECTION = text('connection')
const STATEMENT = format('query')
const RESULT = text('result')

export default defineModule({
  name: 'sqlops',
  doc: 'Statements of SQL in the config.',
  needs: {},
  params,
  instance: SqlOps,
  functions: {
    sql_query: inKemi(
      'sql_query(str, str, str)',
      fn({
        doc: 'Make a query and keep its rows for $dbr(result=>...).',
        args: [CONNECTION, STATEMENT, optional(RESULT)],
        routes: ANY_ROUTE,
        waits: true,
        run: query.sqlQuery,
      }),
    ),
    sql_xquery: fn({
      doc: 'Make a query and put its rows into $xavp(result).',
      args: [CONNECTION, STATEMENT, RESULT],
      routes: ANY_ROUTE,
      waits: true,
      run: query.sqlXquery,
    }),
    sql_pvquery: fn({
      doc: 'Make a query and put its columns into variables.',
      args: [CONNECTION, STATEMENT, writablePvars('result')],
      routes: ANY_ROUTE,
      waits: true,
      run: query.sqlPvquery,
    }),
    sql_query_async: fn({
      doc: 'Make a query and do not wait for it.',
      args: [CONNECTION, STATEMENT],
      routes: ANY_ROUTE,
      run: query.sqlQueryAsync,
    }),
    sql_result_free: fn({
      doc: 'Forget a result.',
      args: [RESULT],
      routes: ANY_ROUTE,
      run: (self: SqlOps, msg, name) => self.free(msg, name),
    }),
  },
  kemi: {
    sql_num_rows: kemiFn({
      doc: 'Rows of a result.',
      args: [RESULT],
      returns: 'int',
      run: (self: SqlOps, msg, name) => self.result(msg, name)?.rows.length ?? -1,
    }),
    sql_num_columns: kemiFn({
      doc: 'Columns of a result.',
      args: [RESULT],
      returns: 'int',
      run: (self: SqlOps, msg, name) => self.result(msg, name)?.columns.length ?? -1,
    }),
    sql_is_null: kemiFn({
      doc: '1 when there is nothing at this place, -1 when there is something.',
      args: [RESULT, int('row'), int('column')],
      returns: 'int',
      run: (self: SqlOps, msg, name, row, column) =>
        self.cell(msg, name, row, column) === null ? 1 : -1,
    }),
    sql_result_get: kemiFn({
      doc: 'The value at this place of a result.',
      args: [RESULT, int('row'), int('column')],
      returns: 'xval',
      type: 'string | number | null',
      run: (self: SqlOps, msg, name, row, column) => self.cell(msg, name, row, column),
    }),
    sql_result_gete: kemiFn({
      doc: 'The same; an empty text where there is nothing.',
      args: [RESULT, int('row'), int('column')],
      returns: 'xval',
      type: 'string | number',
      run: (self: SqlOps, msg, name, row, column) => self.cell(msg, name, row, column) ?? '',
    }),
    sql_result_getz: kemiFn({
      doc: 'The same; 0 where there is nothing.',
      args: [RESULT, int('row'), int('column')],
      returns: 'xval',
      type: 'string | number',
      run: (self: SqlOps, msg, name, row, column) => self.cell(msg, name, row, column) ?? 0,
    }),
  },
  pvars: {
    dbr: keyed({
      doc: 'A part of a result: $dbr(ra=>rows), cols, [row,column], colname[n].',
      compile: readPart,
      get: (self: SqlOps, msg, part) => part(self, msg),
    }),
    sqlrows: keyed({
      doc: 'Rows that the last statement of this message on the connection changed.',
      get: (self: SqlOps, msg, name) => self.changed(msg, name),
    }),
  },
  transformations: { sql: sqlTransformations },
  start: self => self.start(),
})
