/** The surface of dialplan: every name that a config or an operator can use. */
import { dialplan as contract } from '../../../rpc/contract/dialplan.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { dialplan } from '../../core/db/tables/dialplan.ts'
import {
  computed,
  defineModule,
  fn,
  format,
  inKemi,
  int,
  intParam,
  kemiFn,
  literal,
  optional,
  pvarParam,
  strParam,
  text,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { Dialplan } from './dialplan.ts'
import * as rpc from './rpc.ts'
import {
  dpMatch,
  dpReload,
  dpReplace,
  dpTranslate,
  dpTranslateVars,
  readDialplan,
  readWay,
} from './translate.ts'

const columnParam = (name: string, what: string) =>
  strParam({ default: name, doc: `Column of ${what}.` })

export const params = {
  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database of the rules.',
  }),
  table_name: strParam({ default: 'dialplan', doc: 'Their table.' }),
  dpid_col: columnParam('dpid', 'the number of the dialplan'),
  pr_col: columnParam('pr', 'the priority'),
  match_op_col: columnParam('match_op', 'the way in which it matches'),
  match_exp_col: columnParam('match_exp', 'the expression'),
  match_len_col: columnParam('match_len', 'the length of the input'),
  subst_exp_col: columnParam('subst_exp', 'the expression whose groups are used'),
  repl_exp_col: columnParam('repl_exp', 'the result'),
  attrs_col: columnParam('attrs', 'the attributes'),
  attrs_pvar: pvarParam({ doc: 'Where the attributes of the rule are put that was used.' }),
  fetch_rows: intParam({ default: 1000, min: 1, doc: 'Rows that are read at once.' }),
  match_dynamic: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: expressions may have variables in them.',
  }),
  append_branch: intParam({
    default: 1,
    min: 0,
    max: 1,
    doc: '1: a failure route that changes the request URI adds it as a branch.',
  }),
  reload_delta: intParam({ default: 5, min: 0, doc: 'Seconds between two reloads.' }),
}

const DPID = literal('dpid', readDialplan)

export default defineModule({
  name: 'dialplan',
  doc: 'Translates numbers by rules of a database.',
  needs: {},
  params,
  tables: [dialplan],
  instance: Dialplan,
  start: self => self.start(),

  functions: {
    dp_translate: fn({
      doc: 'Translate a variable, or the user of the request URI, into another.',
      args: [DPID, optional(literal('src/dest', readWay))],
      routes: ANY_ROUTE,
      kemi: 'dp_translate(int)',
      run: dpTranslate,
    }),
    dp_replace: fn({
      doc: 'Translate a text into a variable.',
      args: [computed(DPID), format('input'), writablePvar('output')],
      routes: ANY_ROUTE,
      kemi: 'dp_replace(int, str, str)',
      run: dpReplace,
    }),
    dp_match: inKemi(
      'dp_match(int, str)',
      fn({
        doc: 'Look for the rule that matches, and put its attributes where they belong.',
        args: [computed(DPID), format('input')],
        routes: ANY_ROUTE,
        run: dpMatch,
      }),
    ),
    dp_reload: fn({
      doc: 'Load the rules anew, without waiting for it.',
      args: [],
      routes: ANY_ROUTE,
      run: dpReload,
    }),
  },
  kemi: {
    dp_translate_vars: kemiFn({
      doc: 'Translate a variable into another, both by their names.',
      args: [int('dpid'), text('src'), text('dest')],
      returns: 'int',
      run: dpTranslateVars,
    }),
  },
  rpc: { contract, handlers: rpc.handlers },
})
