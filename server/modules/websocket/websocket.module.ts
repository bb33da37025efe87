/** The surface of websocket: every name that a config, an operator or another module can use. */
import { ws as contract } from '../../../rpc/contract/ws.ts'
import {
  counter,
  defineModule,
  fn,
  format,
  gauge,
  int,
  optional,
  variable,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { xhttp } from '../xhttp/api.ts'
import { close, connectionId } from './functions.ts'
import { handleHandshake } from './handshake.ts'
import { params } from './params.ts'
import { handlers } from './rpc.ts'
import { EVENT, WebSockets } from './websocket.ts'

export { params }
export const needs = { xhttp }

/** There is no msrp here: its statistics stay at 0. */
const none = (doc: string) => gauge(doc, () => 0)

export const stats = {
  ws_current_connections: gauge('Open connections', (self: WebSockets) => self.open.size),
  ws_max_concurrent_connections: gauge('Most of them at one time', (self: WebSockets) => self.most),
  ws_sip_current_connections: gauge('Open ones of SIP', (self: WebSockets) => self.open.size),
  ws_sip_max_concurrent_connections: gauge(
    'Most of them at one time',
    (self: WebSockets) => self.most,
  ),
  ws_msrp_current_connections: none('Open ones of MSRP'),
  ws_msrp_max_concurrent_connections: none('Most of them at one time'),
  ws_failed_connections: counter('Connections that broke'),
  ws_sip_failed_connections: counter('Connections of SIP that broke'),
  ws_msrp_failed_connections: none('Connections of MSRP that broke'),
  ws_local_closed_connections: counter('Connections that we closed'),
  ws_sip_local_closed_connections: counter('Connections of SIP that we closed'),
  ws_msrp_local_closed_connections: none('Connections of MSRP that we closed'),
  ws_remote_closed_connections: counter('Connections that the peer closed'),
  ws_sip_remote_closed_connections: counter('Connections of SIP that the peer closed'),
  ws_msrp_remote_closed_connections: none('Connections of MSRP that the peer closed'),
  ws_received_frames: counter('Frames received'),
  ws_sip_received_frames: counter('Messages of SIP received'),
  ws_msrp_received_frames: none('Messages of MSRP received'),
  ws_transmitted_frames: gauge('Frames sent', (self: WebSockets) => self.sent + self.controlsSent),
  ws_sip_transmitted_frames: gauge('Messages of SIP sent', (self: WebSockets) => self.sent),
  ws_msrp_transmitted_frames: none('Messages of MSRP sent'),
  ws_successful_handshakes: counter('Handshakes done'),
  ws_sip_successful_handshakes: counter('Handshakes for SIP done'),
  ws_msrp_successful_handshakes: none('Handshakes for MSRP done'),
  ws_failed_handshakes: counter('Handshakes refused'),
}

export default defineModule({
  name: 'websocket',
  doc: 'SIP over WebSocket: handshakes, keep-alive and closing.',
  needs,
  params,
  stats,
  instance: WebSockets,
  functions: {
    ws_handle_handshake: fn({
      doc: 'Answer the WebSocket handshake that the HTTP request is.',
      args: [],
      routes: ANY_ROUTE,
      run: handleHandshake,
    }),
    ws_close: fn({
      doc: 'Close the connection of the message or, by its id, another one.',
      args: [optional(int('status')), optional(format('reason')), optional(int('con'))],
      routes: ANY_ROUTE,
      run: close,
    }),
  },
  pvars: {
    ws_conid: variable({ doc: 'Id of the connection of the message.', get: connectionId }),
  },
  timers: {
    keepalive: {
      doc: 'Sends pings over connections that rest.',
      every: self => self.config.keepalive_interval * 1000,
      run: self => self.keepAlive(),
    },
  },
  events: { [EVENT]: 'A WebSocket connection ended.' },
  rpc: { contract, handlers },
})
