/** The surface of uac_redirect: every name that a config can use. */
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  kemiFn,
  literal,
  optional,
  optionalApi,
  strParam,
} from '../../core/module/index.ts'
import { FAILURE_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { acc } from '../acc/api.ts'
import { tm } from '../tm/api.ts'
import { type FilterList, readExpression, readReset } from './filters.ts'
import { getRedirects, limitsOf, readLimits } from './redirect.ts'
import { UacRedirect } from './uac_redirect.ts'

export const params = {
  default_filter: strParam({
    default: 'accept',
    doc: 'accept or deny: what becomes of contacts that no filter is about.',
  }),
  accept_filter: strParam({ default: '', doc: 'Contacts that match this expression are taken.' }),
  deny_filter: strParam({ default: '', doc: 'Contacts that match this expression are not.' }),
  acc_function: strParam({
    default: 'acc_log_request',
    doc: 'Function of acc that accounts redirects; empty: none.',
  }),
  acc_db_table: strParam({ default: 'acc', doc: 'Table for acc_db_request and acc_request.' }),
  bflags: intParam({ default: 0, doc: 'Branch flags of the new branches, as bits.' }),
  flags_hdr_mode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'The parameter flags of a contact: 0 ignored, 1 in place of bflags, 2 beside them.',
  }),
  q_value: intParam({
    default: 10,
    min: 0,
    max: 1000,
    doc: 'Thousandths: the q value of contacts that have none.',
  }),
}

export const needs = { tm, acc: optionalApi(acc) }

const filterArgs = [literal('filter', readExpression), literal('flags', readReset)] as const

const addTo =
  (list: (self: UacRedirect) => FilterList) =>
  (self: UacRedirect, msg: SipMessage, expression: RegExp, reset: number): number => {
    self.filtersFor(msg)
    return list(self).add(expression, reset) ? 1 : -1
  }

export default defineModule({
  name: 'uac_redirect',
  doc: 'Follows redirects: the contacts of 3xx replies become branches.',
  needs,
  params,
  instance: UacRedirect,
  functions: {
    get_redirects: fn({
      doc: 'Makes branches of the contacts of all 3xx replies; with a reason they are accounted.',
      args: [literal('max', readLimits), optional(format('reason'))],
      routes: FAILURE_ROUTE,
      run: getRedirects,
    }),
    set_accept_filter: fn({
      doc: 'Takes contacts of this request that match the expression.',
      args: filterArgs,
      routes: FAILURE_ROUTE,
      run: addTo(self => self.acceptList),
    }),
    set_deny_filter: fn({
      doc: 'Does not take contacts of this request that match the expression.',
      args: filterArgs,
      routes: FAILURE_ROUTE,
      run: addTo(self => self.denyList),
    }),
  },
  kemi: {
    get_redirects_all: kemiFn({
      doc: 'Makes branches of the contacts of all 3xx replies.',
      args: [],
      returns: 'int',
      run: (self: UacRedirect, msg) => getRedirects(self, msg, limitsOf(0, 0)),
    }),
    get_redirects: kemiFn({
      doc: 'The same with limits, in all and for a branch; 0 is none.',
      args: [int('total'), int('branch')],
      returns: 'int',
      run: (self: UacRedirect, msg, total, branch) =>
        getRedirects(self, msg, limitsOf(total, branch)),
    }),
    get_redirects_acc: kemiFn({
      doc: 'The same, and accounted.',
      args: [int('total'), int('branch'), format('reason')],
      returns: 'int',
      run: (self: UacRedirect, msg, total, branch, reason) =>
        getRedirects(self, msg, limitsOf(total, branch), reason),
    }),
  },
})
