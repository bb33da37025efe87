/** The parameters of websocket. */
import { intParam, strParam } from '../../core/module/index.ts'

export const SUB_PROTOCOL_SIP = 1
const SUB_PROTOCOL_MSRP = 2

export const KEEPALIVE_NONE = 0
export const KEEPALIVE_PING = 1
export const KEEPALIVE_PONG = 2

export const params = {
  keepalive_mechanism: intParam({
    default: KEEPALIVE_PING,
    min: 0,
    max: 3,
    doc: 'What is sent over a connection that rests: 0 nothing, 1 pings, 2 pongs, 3 either.',
  }),
  keepalive_timeout: intParam({
    default: 180,
    min: 1,
    live: true,
    doc: 'Seconds of rest before it is sent.',
  }),
  keepalive_interval: intParam({
    default: 1,
    min: 1,
    doc: 'Seconds between two looks at the connections.',
  }),
  keepalive_processes: intParam({
    default: 1,
    doc: 'Accepted: one event loop serves all connections.',
  }),
  timer_interval: intParam({
    default: 1,
    doc: 'Accepted: a connection is taken off the list when it ends.',
  }),
  rm_delay_interval: intParam({ default: 5, doc: 'Accepted, see timer_interval.' }),
  ping_application_data: strParam({
    default: '',
    doc: 'What a ping holds, at most 125 bytes; the value of the Server header when empty.',
  }),
  sub_protocols: intParam({
    default: SUB_PROTOCOL_SIP,
    min: 0,
    max: SUB_PROTOCOL_SIP + SUB_PROTOCOL_MSRP,
    doc: 'Sub-protocols to speak, as bits: 1 sip, 2 msrp. There is no msrp here.',
  }),
  cors_mode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'Access-Control-Allow-Origin of the answer: 0 none, 1 any, 2 the Origin of the request.',
  }),
  verbose_list: intParam({
    default: 0,
    doc: 'Accepted: connections that are ending are not listed.',
  }),
  event_callback: strParam({
    default: '',
    doc: 'KEMI function to run instead of event_route[websocket:closed].',
  }),
}
