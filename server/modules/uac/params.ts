/** Parameters of uac. */
import { eachParam, intParam, pvarParam, strParam } from '../../core/module/index.ts'
import { parseCredential } from './auth.ts'

export const params = {
  rr_from_store_param: strParam({
    default: 'vsf',
    doc: 'Name of the Record-Route parameter from which the From URI is found again.',
  }),
  rr_to_store_param: strParam({
    default: 'vst',
    doc: 'Name of the Record-Route parameter from which the To URI is found again.',
  }),
  restore_mode: strParam({
    default: 'auto',
    doc: 'none: nothing is restored; manual: replies are; auto: replies and later requests.',
  }),
  restore_dlg: intParam({
    default: 0,
    doc: 'Not 0: addresses are kept in variables of the dialog, with restore_mode auto.',
  }),
  restore_passwd: strParam({ default: '', doc: 'Covers what Record-Route carries; empty: open.' }),
  restore_from_avp: pvarParam({ doc: 'Keeps the From of the request for replies.' }),
  restore_to_avp: pvarParam({ doc: 'Keeps the To of the request for replies.' }),
  credential: eachParam({
    doc: 'What challenges are answered with: user:realm:password.',
    parse: value => parseCredential(String(value)),
  }),
  auth_username_avp: pvarParam({ doc: 'User that uac_auth() answers with.' }),
  auth_realm_avp: pvarParam({ doc: 'Realm that these are for; empty: any.' }),
  auth_password_avp: pvarParam({ doc: 'Password that uac_auth() answers with.' }),
  reg_db_url: strParam({
    default: '',
    doc: 'Database from which registrations are loaded.',
  }),
  reg_db_table: strParam({ default: 'uacreg', doc: 'Its table.' }),
  reg_contact_addr: strParam({
    default: '',
    doc: 'Host and port of the Contact of registrations; without it nothing is registered.',
  }),
  reg_timer_interval: intParam({
    default: 90,
    min: 1,
    doc: 'Seconds between two looks at the registrations.',
  }),
  reg_retry_interval: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds after which a failed registration is tried again; 0: never.',
  }),
  reg_keep_callid: intParam({
    default: 0,
    doc: 'Not 0: a registration is renewed with the same Call-ID.',
  }),
  reg_random_delay: intParam({
    default: 0,
    min: 0,
    doc: 'Most seconds that a registration without a delay of its own waits; 0: none.',
  }),
  reg_active: intParam({ default: 1, doc: '0: nothing is registered until uac.reg_active 1.' }),
  reg_gc_interval: intParam({
    default: 150,
    min: 1,
    doc: 'Seconds after which Kamailio frees removed registrations; here they are gone at once.',
  }),
  reg_hash_size: intParam({
    default: 4,
    doc: 'Size of the table of registrations in Kamailio; here it grows by itself.',
  }),
  reg_use_domain: intParam({
    default: 0,
    doc: 'Not 0: registrations are looked up by user and domain.',
  }),
  default_socket: strParam({
    default: '',
    doc: 'Socket that uac_req_send() and registrations send from: proto:host:port.',
  }),
  event_callback: strParam({
    default: '',
    doc: 'Function of a KEMI script that is called in place of event_route[uac:reply].',
  }),
}
