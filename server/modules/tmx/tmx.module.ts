/** The surface of tmx: every name that a config, an operator or another module can use. */
import {
  type Arg,
  BadValue,
  defineModule,
  fn,
  format,
  gauge,
  int,
  intParam,
  keyed,
  literal,
  optional,
  variable,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  EVENT_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import {
  cancelBranches,
  cancelCall,
  continueRoute,
  drop,
  flushExtended,
  flushFlags,
  isBranchRoute,
  isFailureRoute,
  isReplyRoute,
  isRequestRoute,
  precheck,
  replyCall,
  reuseBranch,
  suspend,
} from './functions.ts'
import { Tmx } from './tmx.ts'
import {
  attribute,
  branchAttribute,
  branchIndex,
  fromInvite,
  fromReply,
  fromRequest,
  lastReplyCode,
  replyCode,
  replyReason,
  replyRuid,
} from './variables.ts'

/** An event route counts as a request route. */
const REQUEST = REQUEST_ROUTE | EVENT_ROUTE | BRANCH_FAILURE_ROUTE

export const params = {
  precheck_trans: intParam({
    default: 1,
    min: 0,
    max: 1,
    doc: 'Watch requests under way for t_precheck_trans.',
  }),
}

export const needs = { tm }

export const stats = {
  UAS_transactions: gauge<Tmx>('Transactions made', self => self.counters.total),
  UAC_transactions: gauge<Tmx>(
    'Transactions of our own requests',
    self => self.counters.totalLocal,
  ),
  '2xx_transactions': gauge<Tmx>('Completed with 2xx', self => self.completed(2)),
  '3xx_transactions': gauge<Tmx>('Completed with 3xx', self => self.completed(3)),
  '4xx_transactions': gauge<Tmx>('Completed with 4xx', self => self.completed(4)),
  '5xx_transactions': gauge<Tmx>('Completed with 5xx', self => self.completed(5)),
  '6xx_transactions': gauge<Tmx>('Completed with 6xx', self => self.completed(6)),
  inuse_transactions: gauge<Tmx>('Transactions in memory', self => self.counters.current),
  active_transactions: gauge<Tmx>(
    'Transactions that are going on',
    self => self.counters.current - self.counters.waiting,
  ),
  rpl_received: gauge<Tmx>('Replies received', self => self.counters.replyReceived),
  rpl_absorbed: gauge<Tmx>('Replies received and not relayed', self => self.absorbed()),
  rpl_relayed: gauge<Tmx>('Replies relayed', self => self.relayed()),
  rpl_generated: gauge<Tmx>('Replies made here', self => self.counters.replyGenerated),
  rpl_sent: gauge<Tmx>('Replies sent', self => self.counters.replySent),
}

function oneOf(name: string, allowed: readonly string[]): Arg<string> {
  return literal(name, value => {
    if (allowed.includes(value)) return value
    throw new BadValue(`'${value}' is none of ${allowed.join(', ')}`)
  })
}

const attributeName = (allowed: readonly string[]) => (inner: string) => {
  if (allowed.includes(inner)) return inner
  throw new BadValue(`there is no attribute '${inner}'`, `there are ${allowed.join(', ')}`)
}

const T_ATTRIBUTES = [
  'id_index',
  'id_label',
  'id_index_n',
  'id_label_n',
  'reply_code',
  'reply_reason',
  'reply_type',
  'branch_index',
  'ruid',
]

export default defineModule({
  name: 'tmx',
  doc: 'More functions, variables and statistics of transactions.',
  needs,
  params,
  stats,
  instance: Tmx,

  functions: {
    t_cancel_branches: fn({
      doc: 'Cancel all branches, this one, or the others.',
      args: [oneOf('which', ['all', 'others', 'this'])],
      routes: ONREPLY_ROUTE,
      run: cancelBranches,
    }),
    t_cancel_callid: fn({
      doc: 'Cancel the INVITE of a call and set a flag on it.',
      args: [format('callid'), format('cseq'), int('flag'), optional(int('rcode'))],
      routes: ANY_ROUTE,
      kemi: 't_cancel_callid(str, str, int) t_cancel_callid_reason',
      run: cancelCall,
    }),
    t_reply_callid: fn({
      doc: 'Answer a transaction of a call.',
      args: [format('callid'), format('cseq'), int('code'), format('reason')],
      routes: ANY_ROUTE,
      run: replyCall,
    }),
    t_flush_flags: fn({
      doc: 'Give the flags of the message to its transaction.',
      args: [],
      routes: ANY_ROUTE,
      run: flushFlags,
    }),
    t_flush_xflags: fn({
      doc: 'The same for extended flags.',
      args: [],
      routes: ANY_ROUTE,
      run: flushExtended,
    }),
    t_is_failure_route: fn({
      doc: 'In a failure_route?',
      args: [],
      routes: ANY_ROUTE,
      run: isFailureRoute,
    }),
    t_is_branch_route: fn({
      doc: 'In a branch_route?',
      args: [],
      routes: ANY_ROUTE,
      run: isBranchRoute,
    }),
    t_is_reply_route: fn({
      doc: 'In a reply route?',
      args: [],
      routes: ANY_ROUTE,
      run: isReplyRoute,
    }),
    t_is_request_route: fn({
      doc: 'In the request_route?',
      args: [],
      routes: ANY_ROUTE,
      run: isRequestRoute,
    }),
    t_suspend: fn({ doc: 'Set the request aside.', args: [], routes: ANY_ROUTE, run: suspend }),
    t_continue: fn({
      doc: 'Go on with a request that was set aside.',
      args: [int('tindex'), int('tlabel'), format('rtname')],
      routes: ANY_ROUTE,
      run: continueRoute,
    }),
    t_drop: fn({
      doc: 'End the transaction without a reply.',
      args: [optional(int('rcode'))],
      routes: ANY_ROUTE,
      kemi: 't_drop() t_drop_rcode',
      run: drop,
    }),
    t_reuse_branch: fn({
      doc: 'Use the failed branch once more.',
      args: [],
      routes: REQUEST,
      run: reuseBranch,
    }),
    t_precheck_trans: fn({
      doc: 'Is the same request under way already?',
      args: [],
      routes: REQUEST,
      run: precheck,
    }),
  },

  pvars: {
    T_branch_idx: variable({ doc: 'Number of the branch, 0 outside.', get: branchIndex }),
    T_reply_code: variable({ doc: 'Status of the reply or of the failure.', get: replyCode }),
    T_reply_reason: variable({ doc: 'Its reason phrase.', get: replyReason }),
    T_reply_last: variable({ doc: 'Status of the last reply received.', get: lastReplyCode }),
    T_reply_ruid: variable({ doc: 'The ruid of the branch.', get: replyRuid }),
    T_req: keyed({ doc: 'A variable of the request.', nested: 'pvar', get: fromRequest }),
    T_rpl: keyed({ doc: 'A variable of the reply.', nested: 'pvar', get: fromReply }),
    T_inv: keyed({ doc: 'A variable of the INVITE.', nested: 'pvar', get: fromInvite }),
    T: keyed({
      doc: 'An attribute of the transaction.',
      parse: attributeName(T_ATTRIBUTES),
      get: attribute,
    }),
    T_branch: keyed({
      doc: 'An attribute of the branch: flags or uri.',
      parse: attributeName(['flags', 'uri']),
      get: branchAttribute,
    }),
  },
  start: self => self.start(),
})
