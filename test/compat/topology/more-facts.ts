// More of what is told to the real Kamailio: all kinds of dialogs, forks, what comes late, what is
// forged, and the parameters that change how requests within a dialog are routed.
import type { Fact } from './facts.ts'
import type { StoryName } from './stories.ts'

const DIALOGS: StoryName[] = [
  'early',
  'earlyBye',
  'subscribed',
  'notifiedEarly',
  'subscribedPlainly',
  'unsubscribed',
  'referredInCall',
  'referredAlone',
  'moved',
  'repeated',
  'alone',
  'challenged',
  'badContacts',
  'badReplies',
  'otherForms',
  'crossed',
  'redirected',
]

const RR_UPDATE = { topos: { rr_update: 1 } }

// ---- instead of the plain loose_route() of what is inside a dialog
const RECORDED = 'loose_route(); if (is_method("INVITE")) record_route();'
const NOT_HERE = 'if (!loose_route()) { sl_send_reply("404", "Not here"); exit; }'

/** Instead of the plain relay of what begins a dialog. */
export const FORKED = 'append_branch("sip:carol@127.0.0.1:CAROL"); t_relay();'
export const PASSED_ON = 't_on_failure("NEXT"); t_relay();'
const NEXT = `
failure_route[NEXT] {
  if (t_is_canceled()) exit;
  $ru = "sip:carol@127.0.0.1:CAROL";
  t_relay();
}
`

const each = (params: Fact['params']): Fact[] => [
  ...DIALOGS.map((story): Fact => ({ name: story, story, params })),
  { name: 'rerouted', story: 'rerouted', params, inside: RECORDED },
  { name: 'forged', story: 'forged', params, inside: NOT_HERE, open: true },
  { name: 'forked', story: 'forked', params, relay: FORKED },
  { name: 'forked, and two answers', story: 'forkedTwice', params, relay: FORKED },
  { name: 'passed on', story: 'passedOn', params, relay: PASSED_ON, routes: NEXT },
]

const topos: Fact[] = [
  ...each({}),
  { name: 'rr_update', story: 'rerouted', params: RR_UPDATE, inside: RECORDED, only: 'heard' },
  {
    name: 'requests dropped on the way in',
    story: 'moved',
    params: {},
    inside: NOT_HERE,
    routes: 'event_route[topos:msg-receiving] { if (is_method("INFO")) drop; }',
    open: true,
  },
  {
    name: 'messages dropped on the way out',
    story: 'moved',
    params: {},
    routes: 'event_route[topos:msg-sending] { if (is_method("UPDATE")) drop; }',
    open: true,
  },
  {
    name: 'sanity_checks',
    story: 'alone',
    params: { topos: { sanity_checks: 1 } },
    modules: ['sanity'],
  },
  { name: 'insane', story: 'insane', params: {}, inside: NOT_HERE },
  {
    name: 'insane, with sanity_checks',
    story: 'insane',
    params: { topos: { sanity_checks: 1 } },
    modules: ['sanity'],
    inside: NOT_HERE,
    open: true,
  },
  {
    name: 'a context of the script',
    story: 'subscribed',
    params: {},
    relay: 'tps_set_context("of-its-own"); t_relay();',
  },
  {
    name: 'contact_mode 2, and nothing in the variable',
    open: true,
    story: 'referredAlone',
    params: {
      topos: {
        contact_mode: 2,
        xavu_cfg: '_tps_',
        xavu_field_a_contact: 'a_user',
        xavu_field_b_contact: 'b_user',
      },
    },
  },
  {
    name: 'contact_mode 1, subscribed',
    story: 'subscribed',
    params: { topos: { contact_mode: 1 } },
  },
  {
    name: 'contact_mode 1, forged',
    story: 'forged',
    params: { topos: { contact_mode: 1 } },
    inside: NOT_HERE,
  },
  { name: 'contact_mode 1, early', story: 'early', params: { topos: { contact_mode: 1 } } },
  {
    name: 'contact_mode 1, bad Contacts',
    story: 'badContacts',
    params: { topos: { contact_mode: 1 } },
  },
]
for (const fact of topos) fact.modules = [...(fact.modules ?? []), 'db_sqlite', 'topos']

const topoh: Fact[] = [
  ...each({ topoh: { mask_callid: 1 } }),
  {
    name: 'uri_prefix_checks, referred',
    story: 'referredInCall',
    params: { topoh: { uri_prefix_checks: 1 } },
  },
  {
    name: 'uri_prefix_checks, forged',
    story: 'forged',
    params: { topoh: { uri_prefix_checks: 1 } },
    inside: NOT_HERE,
  },
  { name: 'insane', story: 'insane', params: {}, inside: NOT_HERE },
  {
    name: 'insane, with sanity_checks',
    story: 'insane',
    params: { topoh: { sanity_checks: 1 } },
    modules: ['sanity'],
    inside: NOT_HERE,
    open: true,
  },
  {
    name: 'sanity_checks',
    story: 'alone',
    params: { topoh: { sanity_checks: 1 } },
    modules: ['sanity'],
  },
]
for (const fact of topoh) fact.modules = [...(fact.modules ?? []), 'topoh']

const topos_redis: Fact[] = [
  'early',
  'subscribed',
  'notifiedEarly',
  'subscribedPlainly',
  'unsubscribed',
  'moved',
  'referredAlone',
  'alone',
].map((story): Fact => ({ name: story, story: story as StoryName, params: {} }))
for (const fact of topos_redis) fact.modules = ['ndb_redis', 'topos', 'topos_redis']

export const MORE_FACTS: Record<string, Fact[]> = {
  'topos-more': topos,
  'topoh-more': topoh,
  'topos_redis-more': topos_redis,
}
