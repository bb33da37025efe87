/** The surface of secfilter: every name that a config or an operator can use. */
import { secfilter as contract } from '../../../rpc/contract/secfilter.ts'
import { secfilter } from '../../core/db/tables/secfilter.ts'
import { defineModule, fn, format, intParam, strParam } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import * as rpc from './rpc.ts'
import { SecFilter } from './secfilter.ts'

export const params = {
  db_url: strParam({ default: '', doc: 'The database with the lists.' }),
  table_name: strParam({ default: 'secfilter', doc: 'Its table.' }),
  action_col: strParam({
    default: 'action',
    doc: 'Column of the action: 0 refuse, 1 let through, 2 a number that is not called.',
  }),
  type_col: strParam({
    default: 'type',
    doc: 'Column of the kind: 0 user agent, 1 country, 2 domain, 3 address, 4 user.',
  }),
  data_col: strParam({ default: 'data', doc: 'Column of the text.' }),
  dst_exact_match: intParam({
    default: 1,
    doc: '0: numbers are refused that begin with those of the list.',
  }),
}

const routes = ANY_ROUTE

export default defineModule({
  name: 'secfilter',
  doc: 'Refuses and lets through by lists of users, domains, addresses, countries and agents.',
  needs: {},
  params,
  instance: SecFilter,
  functions: {
    secf_check_ip: fn({
      doc: 'Is the address of the sender on a list?',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.check('ip', msg.received.srcIp),
    }),
    secf_check_ua: fn({
      doc: 'Is the User-Agent on a list?',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.checkUserAgent(msg),
    }),
    secf_check_country: fn({
      doc: 'Is this country on a list?',
      args: [format('country')],
      routes,
      run: (self: SecFilter, _msg, country) => self.check('country', country),
    }),
    secf_check_from_hdr: fn({
      doc: 'Is the name, the user or the domain of From on a list?',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.checkAddress('from', msg.from),
    }),
    secf_check_to_hdr: fn({
      doc: 'Is the name, the user or the domain of To on a list?',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.checkAddress('to', msg.to),
    }),
    secf_check_contact_hdr: fn({
      doc: 'Is the user or the domain of Contact on a list?',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.checkAddress('contact', self.contact(msg)),
    }),
    secf_check_dst: fn({
      doc: 'Is this number not to be called?',
      args: [format('number')],
      routes,
      run: (self: SecFilter, _msg, number) => self.checkDestination(number),
    }),
    secf_check_sqli_hdr: fn({
      doc: 'False when the text has characters of attacks on databases.',
      args: [format('text')],
      routes,
      kemi: 'secf_sqli_hdr(str)',
      run: (self: SecFilter, _msg, text) => (self.isInjection(text) ? -1 : 1),
    }),
    secf_check_sqli_all: fn({
      doc: 'The same for User-Agent, From, To and Contact; with such characters the script ends.',
      args: [],
      routes,
      run: (self: SecFilter, msg) => self.checkAllForInjection(msg),
    }),
  },
  rpc: {
    contract,
    handlers: {
      'secfilter.reload': rpc.reload,
      'secfilter.print': rpc.print,
      'secfilter.stats': rpc.stats,
      'secfilter.stats_reset': rpc.resetStats,
      'secfilter.add_dst': rpc.addDestination,
      'secfilter.add_bl': rpc.addRefused,
      'secfilter.add_wl': rpc.addAllowed,
    },
  },
  tables: [secfilter],
  start: self => self.start(),
})
