/** The surface of domain: every name that a config, an operator or another module can use. */
import { domain as contract } from '../../../rpc/contract/domain.ts'
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { domain, domainAttrs } from '../../core/db/tables/domain.ts'
import {
  computed,
  defineModule,
  fn,
  format,
  intParam,
  optional,
  strParam,
  text,
} from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, LOCAL_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { Domain } from './domain.ts'
import { dump, reload } from './rpc.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database with the domains.',
  }),
  domain_table: strParam({ default: 'domain', doc: 'Table of the names of domains.' }),
  domain_attrs_table: strParam({ default: 'domain_attrs', doc: 'Table of their attributes.' }),
  did_col: strParam({ default: 'did', doc: 'Column of the identifier, in both tables.' }),
  domain_col: strParam({ default: 'domain', doc: 'Column of the name.' }),
  name_col: strParam({ default: 'name', doc: 'Column of the name of an attribute.' }),
  type_col: strParam({ default: 'type', doc: 'Column of its type: 0 a number, 2 a text.' }),
  value_col: strParam({ default: 'value', doc: 'Column of its value.' }),
  register_myself: intParam({
    default: 0,
    doc: 'Not 0: the domains are names of this node (uri == myself, loose routing).',
  }),
}

const routes = REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | LOCAL_ROUTE

export default defineModule({
  name: 'domain',
  doc: 'Knows which domains the node serves.',
  needs: {},
  params,
  instance: Domain,
  functions: {
    is_from_local: fn({
      doc: 'Is the host of the From URI a domain of ours?',
      args: [],
      routes,
      run: (self: Domain, msg) => self.isUriLocal(msg.from?.uri ?? ''),
    }),
    is_uri_host_local: fn({
      doc: 'Is the host of the request URI a domain of ours?',
      args: [],
      routes,
      run: (self: Domain, msg) => self.isRequestLocal(msg),
    }),
    is_domain_local: fn({
      doc: 'Is this a domain of ours?',
      args: [format('domain')],
      routes,
      run: (self: Domain, _msg, domainName) => self.isLocal(domainName),
    }),
    lookup_domain: fn({
      doc: 'The same, and leaves its identifier and attributes in AVPs.',
      args: [format('domain'), optional(computed(text('prefix')))],
      routes,
      kemi: 'lookup_domain(str) lookup_domain_prefix(str, str)',
      run: (self: Domain, msg, domainName, prefix) => self.lookup(msg, domainName, prefix),
    }),
  },
  rpc: { contract, handlers: { 'domain.reload': reload, 'domain.dump': dump } },
  tables: [domain, domainAttrs],
  start: self => self.start(),
})
