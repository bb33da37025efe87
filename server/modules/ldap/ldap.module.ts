/** The surface of ldap: every name that a config can use. */
import {
  defineModule,
  fn,
  format,
  literal,
  optional,
  strParam,
  writablePvar,
} from '../../core/module/index.ts'
import {
  BRANCH_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { parseSubstitution } from '../../core/substitution.ts'
import {
  filterUrlEncode,
  readComparison,
  readTarget,
  result,
  resultCheck,
  resultNext,
  search,
} from './functions.ts'
import { Ldap } from './ldap.ts'

export const params = {
  config_file: strParam({
    default: '/usr/local/etc/kamailio/ldap.cfg',
    doc: 'The file that says which directories there are.',
  }),
}

const routes = REQUEST_ROUTE | FAILURE_ROUTE | ONREPLY_ROUTE | BRANCH_ROUTE | LOCAL_ROUTE
const substitution = optional(literal('regex_subst', parseSubstitution))

export default defineModule({
  name: 'ldap',
  doc: 'Searches in LDAP directories.',
  needs: {},
  params,
  instance: Ldap,
  functions: {
    ldap_search: fn({
      doc: 'Search; gives the number of entries.',
      args: [format('ldap_url')],
      routes,
      waits: true,
      run: search,
    }),
    ldap_result: fn({
      doc: 'Store the values of an attribute in an AVP.',
      args: [literal('ldap_attr_name/avp_spec', readTarget), substitution],
      routes,
      run: result,
    }),
    ldap_result_check: fn({
      doc: 'Has an attribute this value?',
      args: [literal('ldap_attr_name/string_to_match', readComparison), substitution],
      routes,
      run: resultCheck,
    }),
    ldap_result_next: fn({
      doc: 'Go on to the next entry.',
      args: [],
      routes,
      run: resultNext,
    }),
    ldap_filter_url_encode: fn({
      doc: 'Escape a text for the filter of a search.',
      args: [format('string'), writablePvar('avp_spec')],
      routes,
      run: filterUrlEncode,
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
