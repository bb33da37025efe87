/** The surface of group: every name that a config can use. */
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { grp, reGrp } from '../../core/db/tables/group.ts'
import {
  defineModule,
  fn,
  format,
  intParam,
  literal,
  strParam,
  writablePvar,
} from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, LOCAL_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { Group } from './group.ts'
import { getUserGroup } from './patterns.ts'
import { isUserIn } from './is-user-in.ts'
import { readSource } from './source.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of groups.',
  }),
  table: strParam({ default: 'grp', doc: 'The table of groups and their members.' }),
  user_column: strParam({ default: 'username', doc: 'Column of user names.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of domains.' }),
  group_column: strParam({ default: 'grp', doc: 'Column of groups.' }),
  use_domain: intParam({ default: 0, doc: 'Not 0: a member is found by user and domain.' }),
  re_table: strParam({ default: '', doc: 'The table of patterns; empty: none.' }),
  re_exp_column: strParam({ default: 'reg_exp', doc: 'Column of patterns.' }),
  re_gid_column: strParam({ default: 'group_id', doc: 'Column of the groups of patterns.' }),
  multiple_gid: intParam({
    default: 1,
    doc: 'Not 0: get_user_group gives all groups whose pattern matches.',
  }),
}

const uri = literal('URI', readSource)
const routes = REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | LOCAL_ROUTE

export default defineModule({
  name: 'group',
  doc: 'Groups of users, from a database.',
  needs: {},
  params,
  tables: [grp, reGrp],
  instance: Group,
  start: self => self.start(),

  functions: {
    is_user_in: fn({
      doc: 'Is a user a member of a group?',
      args: [uri, format('group')],
      routes,
      waits: true,
      run: isUserIn,
    }),
    get_user_group: fn({
      doc: 'Put the groups whose pattern matches the address of a user into an AVP.',
      args: [uri, writablePvar('AVP')],
      routes,
      kemi: '',
      run: getUserGroup,
    }),
  },
})
