// Everything htable offers to a config or an operator is named here.
import { htable } from '../../../rpc/contract/htable.ts'
import { htable as htableRows } from '../../core/db/tables/htable.ts'
import {
  type Arg,
  type ConfigFunction,
  defineModule,
  fn,
  format,
  int,
  literal,
  since6,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import * as run from './functions.ts'
import { Htable } from './htable.ts'
import * as iterators from './iterators.ts'
import { kemi } from './kemi.ts'
import { readKey, type TableKey } from './key.ts'
import { nameOf, textOf } from './match.ts'
import { htableParams } from './params.ts'
import * as rpc from './rpc.ts'
import { variables } from './variables.ts'

type Row = ConfigFunction<Htable>

const key: Arg<TableKey> = literal('table=>name', readKey)
const tableName = format('table')
const iterator = format('iterator')
const operator = format('operator')
const routes = ANY_ROUTE

const tableFunctions: Record<string, Row> = {
  sht_print: fn({ doc: 'Log all tables at debug level.', args: [], routes, run: run.print }),
  sht_lock: fn({
    doc: 'Take the lock of an item; waits while another message holds it.',
    args: [key],
    routes,
    waits: true,
    run: run.lock,
  }),
  sht_unlock: fn({ doc: 'Give the lock back.', args: [key], routes, run: run.unlock }),
  sht_reset: fn({ doc: 'Empty a table.', args: [tableName], routes, run: run.reset }),
  sht_rm: fn({
    doc: 'Remove an item.',
    args: [tableName, format('name')],
    routes,
    run: run.remove,
  }),
  sht_rm_name_re: fn({
    doc: 'Remove the items whose names match an expression.',
    args: [key],
    routes,
    run: run.removeByExpression(nameOf),
  }),
  sht_rm_value_re: fn({
    doc: 'Remove the items whose texts match an expression.',
    args: [key],
    routes,
    run: run.removeByExpression(textOf),
  }),
  sht_rm_name: fn({
    doc: 'Remove items by their names: re an expression, sw the beginning.',
    args: [tableName, operator, format('text')],
    routes,
    run: run.removeBy(nameOf),
  }),
  sht_rm_value: fn({
    doc: 'Remove items by their texts: re an expression, sw the beginning.',
    args: [tableName, operator, format('text')],
    routes,
    run: run.removeBy(textOf),
  }),
  sht_setxs: fn({
    doc: 'Set an item to a text that lives so many seconds.',
    args: [tableName, format('name'), format('value'), int('seconds')],
    routes,
    run: run.setWithEnd,
  }),
  sht_setxi: fn({
    doc: 'Set an item to a number that lives so many seconds.',
    args: [tableName, format('name'), int('value'), int('seconds')],
    routes,
    run: run.setWithEnd,
  }),
}

const newer: Record<string, Row> = {
  sht_inc: since6(
    fn({
      doc: 'Add 1 to an item; the sum is the return code.',
      args: [tableName, format('name')],
      routes,
      run: run.added(1),
    }),
  ),
  sht_dec: since6(
    fn({
      doc: 'Take 1 from an item; what is left is the return code.',
      args: [tableName, format('name')],
      routes,
      run: run.added(-1),
    }),
  ),
}

const questions: Record<string, Row> = {
  sht_match_name: fn({
    doc: 'Is there an item whose name matches: eq, ne, re, sw?',
    args: [tableName, operator, format('text')],
    routes,
    run: run.matchName,
  }),
  sht_has_name: fn({
    doc: 'The same.',
    args: [tableName, operator, format('text')],
    routes,
    run: run.matchName,
  }),
  sht_match_str_value: fn({
    doc: 'Is there an item whose text matches: eq, ne, re, sw?',
    args: [tableName, operator, format('text')],
    routes,
    run: run.matchText,
  }),
  sht_has_str_value: fn({
    doc: 'The same.',
    args: [tableName, operator, format('text')],
    routes,
    run: run.matchText,
  }),
  sht_is_null: since6(
    fn({
      doc: 'Is there no such item?',
      args: [tableName, format('name')],
      routes,
      run: run.isNull,
    }),
  ),
}

const iteratorFunctions: Record<string, Row> = {
  sht_iterator_start: fn({
    doc: 'Begin to go over the items of a table.',
    args: [iterator, tableName],
    routes,
    run: iterators.start,
  }),
  sht_iterator_next: fn({
    doc: 'Go to the next item; false behind the last.',
    args: [iterator],
    routes,
    run: iterators.next,
  }),
  sht_iterator_end: fn({ doc: 'End it.', args: [iterator], routes, run: iterators.end }),
  sht_iterator_rm: fn({
    doc: 'Remove the item at which it is.',
    args: [iterator],
    routes,
    run: iterators.remove,
  }),
  sht_iterator_sets: fn({
    doc: 'Give the item at which it is a text.',
    args: [iterator, format('value')],
    routes,
    run: iterators.set,
  }),
  sht_iterator_seti: fn({
    doc: 'Give the item at which it is a number.',
    args: [iterator, int('value')],
    routes,
    run: iterators.set,
  }),
  sht_iterator_setex: fn({
    doc: 'Give the item at which it is so many seconds.',
    args: [iterator, int('seconds')],
    routes,
    run: iterators.setLeft,
  }),
}

export const params = htableParams

export default defineModule({
  name: 'htable',
  doc: 'Tables in memory that all messages share, $sht(table=>name).',
  needs: {},
  params,
  tables: [htableRows],
  instance: Htable,
  functions: { ...tableFunctions, ...newer, ...questions, ...iteratorFunctions },
  kemi,
  pvars: variables,
  timers: {
    sweep: {
      doc: 'Take away what is over.',
      every: self => self.config.timer_interval * 1000,
      run: self => self.sweep(),
    },
  },
  events: {
    'htable:mod-init': 'Once, when the node has started: to fill tables.',
    'htable:reloaded:<table>': 'The table was loaded anew by htable.reload.',
    'htable:expired:<table>': 'An item of the table is over; $shtrecord(key) says which.',
  },
  rpc: {
    contract: htable,
    handlers: {
      'htable.dump': rpc.dump,
      'htable.get': rpc.get,
      'htable.delete': rpc.remove,
      'htable.sets': rpc.set,
      'htable.seti': rpc.set,
      'htable.setex': rpc.setEnd,
      'htable.setxs': rpc.setWithEnd,
      'htable.setxi': rpc.setWithEnd,
      'htable.listTables': rpc.list,
      'htable.reload': rpc.reload,
      'htable.store': rpc.store,
      'htable.stats': rpc.stats,
      'htable.flush': rpc.flush,
    },
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
