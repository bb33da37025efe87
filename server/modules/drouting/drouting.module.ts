/** The surface of drouting: every name that a config or an operator can use. */
import { drouting as contract } from '../../../rpc/contract/drouting.ts'
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { drGateways, drGroups, drGwLists, drRules } from '../../core/db/tables/drouting.ts'
import { defineModule, fn, int, intParam, optional, strParam } from '../../core/module/index.ts'
import {
  CORE_ONREPLY_ROUTE,
  FAILURE_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import { Drouting } from './drouting.ts'
import { goesToGateway, isFromGateway } from './gateway.ts'
import { doRouting, useNextGateway } from './route.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of rules and gateways.',
  }),
  drd_table: strParam({ default: 'dr_gateways', doc: 'Table of gateways.' }),
  drr_table: strParam({ default: 'dr_rules', doc: 'Table of rules.' }),
  drg_table: strParam({ default: 'dr_groups', doc: 'Table of the groups of callers.' }),
  drl_table: strParam({ default: 'dr_gw_lists', doc: 'Table of lists of gateways.' }),
  use_domain: intParam({ default: 1, doc: '0: callers are told apart by their users alone.' }),
  drg_user_col: strParam({ default: 'username', doc: 'Column of the user of a caller.' }),
  drg_domain_col: strParam({ default: 'domain', doc: 'Column of the domain of a caller.' }),
  drg_grpid_col: strParam({ default: 'groupid', doc: 'Column of the group of a caller.' }),
  ruri_avp: strParam({
    default: '$avp(___dr_ruri__)',
    doc: 'Where the request URIs of the other gateways are kept.',
  }),
  attrs_avp: strParam({
    default: '$avp(___dr_attrs__)',
    doc: 'Where the attributes of the gateways are put.',
  }),
  sort_order: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'Gateways of a rule: 0 as they are, 1 each group shuffled, 2 one of each group.',
  }),
  fetch_rows: intParam({ default: 2000, min: 1, doc: 'Rows that are read at once.' }),
  force_dns: intParam({
    default: 1,
    doc: 'Not 0: a gateway whose name does not resolve is left out.',
  }),
  enable_keepalive: intParam({ default: 0, doc: 'Watch the gateways; only 0.' }),
}

const type = optional(int('type'))
const ANYWHERE = REQUEST_ROUTE | FAILURE_ROUTE | TM_ONREPLY_ROUTE | CORE_ONREPLY_ROUTE

export default defineModule({
  name: 'drouting',
  doc: 'Routes numbers to gateways by rules of a database.',
  needs: {},
  params,
  tables: [drGateways, drRules, drGwLists, drGroups],
  instance: Drouting,
  start: self => self.start(),

  functions: {
    do_routing: fn({
      doc: 'Route the request by the rules of a group, or of the group of the caller.',
      args: [optional(int('groupID'))],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      waits: true,
      kemi: 'do_routing_furi() do_routing(int)',
      run: doRouting,
    }),
    use_next_gw: fn({
      doc: 'Go to the next gateway of the rule.',
      args: [],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      run: useNextGateway,
    }),
    next_routing: fn({
      doc: 'The same.',
      args: [],
      routes: FAILURE_ROUTE,
      run: useNextGateway,
    }),
    goes_to_gw: fn({
      doc: 'Does the request go to a gateway, or to one of a type?',
      args: [type],
      routes: ANYWHERE,
      kemi: 'goes_to_gw() goes_to_gw_type(int)',
      run: goesToGateway,
    }),
    is_from_gw: fn({
      doc: 'Does it come from a gateway? With a flag its digits are stripped.',
      args: [type, optional(int('flag'))],
      routes: ANYWHERE,
      kemi: 'is_from_gw() is_from_gw_type(int) is_from_gw_type_flags(int, int)',
      run: isFromGateway,
    }),
  },
  rpc: {
    contract,
    handlers: {
      'drouting.reload': self =>
        self.routing.load('rpc drouting.reload').then(
          () => 'reload ok',
          () => 'failed to load routing data',
        ),
    },
  },
})
