// In which routes each function may stand: what `kamailio -c` of 5.6.3 accepts and refuses.
import { describe, expect, test } from 'vitest'
import {
  ANY_ROUTE,
  BRANCH_ROUTE,
  CORE_ONREPLY_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../../../../server/core/route-bits.ts'
import sl from '../../../../../server/modules/sl/sl.module.ts'
import tm from '../../../../../server/modules/tm/tm.module.ts'
import tmx from '../../../../../server/modules/tmx/tmx.module.ts'

const KINDS = {
  request: REQUEST_ROUTE,
  failure: FAILURE_ROUTE,
  branch: BRANCH_ROUTE,
  reply: TM_ONREPLY_ROUTE,
  'core-reply': CORE_ONREPLY_ROUTE,
  onsend: ONSEND_ROUTE,
  event: EVENT_ROUTE,
}

const ACCEPTED: Record<string, string> = {
  'request failure reply core-reply event':
    'send_reply send_reply_error send_reply_mode t_check_status t_reply t_send_reply',
  'reply core-reply': 'sl_forward_reply t_cancel_branches',
  'request event':
    'sl_reply sl_reply_error sl_send_reply t_forward_nonack t_forward_nonack_sctp ' +
    't_forward_nonack_tcp t_forward_nonack_tls t_forward_nonack_to t_forward_nonack_udp ' +
    't_forward_nonack_uri t_lookup_cancel t_lookup_request t_newtran t_next_contact_flow ' +
    't_relay_cancel t_relay_to_avp t_release t_replicate t_replicate_sctp t_replicate_tcp ' +
    't_replicate_tls t_replicate_to t_replicate_udp t_retransmit_reply t_save_lumps ' +
    't_set_auto_inv_100 t_precheck_trans t_reuse_branch',
  'request failure branch reply event':
    't_any_replied t_any_timeout t_disable_e2e_cancel_reason t_grep_status t_is_canceled ' +
    't_is_expired t_on_branch_failure t_on_failure t_on_reply t_reset_fr t_reset_max_lifetime ' +
    't_reset_retr t_set_disable_6xx t_set_disable_failover t_set_disable_internal_reply ' +
    't_set_fr t_set_max_lifetime t_set_no_e2e_cancel_reason t_set_retr',
  'request failure event':
    't_branch_replied t_branch_timeout t_load_contacts t_next_contacts t_on_branch t_relay ' +
    't_relay_to t_relay_to_sctp t_relay_to_tcp t_relay_to_tls t_relay_to_udp t_write_req ' +
    't_write_unix',
  'request branch reply core-reply event': 't_check_trans',
  'request failure branch reply core-reply onsend event':
    't_clean t_is_set t_uac_send t_use_uac_headers t_cancel_callid t_continue t_drop ' +
    't_flush_flags t_flush_xflags t_is_branch_route t_is_failure_route t_is_reply_route ' +
    't_is_request_route t_reply_callid t_suspend',
  failure: 't_drop_replies',
  'request failure branch reply core-reply event': 't_get_status_code',
  reply: 't_is_retr_async_reply',
}

const functions = { ...sl.functions, ...tm.functions, ...tmx.functions }

describe('functions stand where Kamailio lets them', () => {
  test.for(
    Object.entries(ACCEPTED).flatMap(([where, names]) =>
      names.split(' ').map(name => [name, where] as const),
    ),
  )('%s: %s', ([name, where]) => {
    const routes = functions[name]?.routes ?? 0
    const found = Object.entries(KINDS).filter(([, bit]) => (routes & bit) !== 0)
    expect(found.map(([kind]) => kind).join(' ')).toBe(where)
    expect(routes & ~ANY_ROUTE).toBe(0)
  })

  test('and there are no others', () => {
    const known = Object.values(ACCEPTED).flatMap(names => names.split(' '))
    expect(Object.keys(functions).toSorted()).toEqual(known.toSorted())
  })
})
