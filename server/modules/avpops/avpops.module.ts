/** The surface of avpops: every name that a config can use. */
import { usrPreferences } from '../../core/db/tables/avpops.ts'
import {
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  literal,
  optional,
  strParam,
} from '../../core/module/index.ts'
import {
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { parseSubstitution } from '../../core/substitution.ts'
import { readAttribute, readPlainAttribute } from './attribute.ts'
import { readAvp } from './avp-name.ts'
import { Avpops } from './avpops.ts'
import * as change from './change.ts'
import { check, readCheck, readChecked } from './check.ts'
import { readOwner } from './owner.ts'
import { push, readDestination, readPushed } from './push.ts'
import { query, readNames } from './query.ts'
import { readScheme } from './scheme.ts'
import * as stored from './stored.ts'

const columnParam = (name: string, what: string) =>
  strParam({ default: name, doc: `Column of ${what}.` })

export const params = {
  db_url: strParam({ default: '', doc: 'The database of attributes.' }),
  avp_table: strParam({ default: '', doc: 'Their table; db_url needs it.' }),
  use_domain: intParam({ default: 0, doc: 'Not 0: a URI names a user by user and domain.' }),
  uuid_column: columnParam('uuid', 'the unique name of a user'),
  attribute_column: columnParam('attribute', 'the name of an attribute'),
  value_column: columnParam('value', 'its value'),
  type_column: columnParam('type', 'its kinds: 1 a number, 2 a number as name'),
  username_column: columnParam('username', 'the user'),
  domain_column: columnParam('domain', 'the domain'),
  db_scheme: eachParam({
    doc: 'A table in which an attribute is a column: name:value_col=x;table=y.',
    parse: readScheme,
  }),
}

const routes = REQUEST_ROUTE | FAILURE_ROUTE | ONREPLY_ROUTE | BRANCH_ROUTE | LOCAL_ROUTE
const source = literal('source', readOwner)
const plainName = literal('name', readPlainAttribute)
const way = literal('avp', change.readWay)

export default defineModule({
  name: 'avpops',
  doc: 'AVPs compared, computed, copied, and kept in a database.',
  needs: {},
  params,
  tables: [usrPreferences],
  instance: Avpops,
  start: self => self.start(),

  functions: {
    avp_db_load: fn({
      doc: 'Load AVPs of a user or domain.',
      args: [source, literal('name', readAttribute)],
      routes,
      waits: true,
      kemi: '',
      run: stored.load,
    }),
    avp_db_store: fn({
      doc: 'Write AVPs as those of a user or domain.',
      args: [source, plainName],
      routes,
      waits: true,
      kemi: '',
      run: stored.store,
    }),
    avp_db_delete: fn({
      doc: 'Remove AVPs of a user or domain from the database.',
      args: [source, plainName],
      routes,
      waits: true,
      kemi: '',
      run: stored.erase,
    }),
    avp_db_query: fn({
      doc: 'Put the rows that a statement finds into AVPs.',
      args: [format('query'), optional(literal('dest', readNames))],
      routes,
      waits: true,
      kemi: '',
      run: query,
    }),
    avp_copy: fn({
      doc: 'Copy or move values: flags g all, d move, n to numbers, s to texts.',
      args: [literal('old_name', readAvp), literal('new_name', change.readTarget)],
      routes,
      run: change.copy,
    }),
    avp_pushto: fn({
      doc: 'Put a value into $ru, its user or domain, $du or a branch.',
      args: [literal('destination', readDestination), literal('name', readPushed)],
      routes,
      kemi: '',
      run: push,
    }),
    avp_check: fn({
      doc: 'Compare values: eq/text/g.',
      args: [literal('name', readChecked), literal('op_value', readCheck)],
      routes,
      run: check,
    }),
    avp_op: fn({
      doc: 'Compute numbers: add/i:5.',
      args: [way, literal('op_value', change.readComputation)],
      routes,
      kemi: '',
      run: change.compute,
    }),
    avp_subst: fn({
      doc: 'Substitute in texts.',
      args: [way, literal('subst', parseSubstitution)],
      routes,
      kemi: '',
      run: change.substitute,
    }),
    avp_subst_pv: fn({
      doc: 'The same with a substitution that has variables anywhere.',
      args: [way, format('subst')],
      routes,
      kemi: '',
      run: change.substituteBy,
    }),
    avp_delete: fn({
      doc: 'Take AVPs away.',
      args: [literal('name', change.readDeletion)],
      routes,
      kemi: '',
      run: change.remove,
    }),
    is_avp_set: fn({
      doc: 'Is there such an AVP: flags s a text, n a number, e empty?',
      args: [literal('name', change.readQuestion)],
      routes,
      kemi: '',
      run: change.isSet,
    }),
    avp_print: fn({
      doc: 'Log all AVPs at level info.',
      args: [],
      routes,
      kemi: '',
      run: change.print,
    }),
  },
})
