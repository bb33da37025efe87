// Everything jsonrpcs offers to a config or an operator is named here.
import { jsonrpc } from '../../../rpc/contract/jsonrpc.ts'
import {
  defineModule,
  fn,
  format,
  intParam,
  kemiFn,
  keyed,
  optionalApi,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { xhttp } from '../xhttp/api.ts'
import { JsonRpcS } from './jsonrpcs.ts'
import { dispatch, exec, getReplyPart, replyPart } from './script.ts'

const RW_RW = 0o660

export const params = {
  pretty_format: intParam({
    default: 1,
    doc: 'Replies are laid out over lines with tabs; 0 makes them compact.',
  }),
  transport: intParam({
    default: 6,
    min: 0,
    max: 7,
    doc: 'Sum of 1 (HTTP), 2 (FIFO), 4 (datagram); 0 is all of them.',
  }),
  fifo_name: strParam({
    default: 'kamailio_rpc.fifo',
    doc: 'The FIFO, in the runtime directory unless the path is absolute.',
  }),
  fifo_mode: intParam({ default: RW_RW, doc: 'Permission bits of the FIFO.' }),
  fifo_user: strParam({ default: '', doc: 'Owner of the FIFO.' }),
  fifo_group: strParam({ default: '', doc: 'Group of the FIFO.' }),
  fifo_reply_dir: strParam({ default: '/tmp/', doc: 'Where the FIFOs for replies are.' }),
  dgram_socket: strParam({
    default: 'kamailio_rpc.sock',
    doc: 'The datagram socket: a path, or udp:address:port.',
  }),
  dgram_mode: intParam({ default: RW_RW, doc: 'Permission bits of the socket.' }),
  dgram_user: strParam({ default: '', doc: 'Owner of the socket.' }),
  dgram_group: strParam({ default: '', doc: 'Group of the socket.' }),
  dgram_workers: intParam({ default: 1, doc: 'Accepted; one event loop serves all.' }),
  dgram_timeout: intParam({
    default: 2000,
    doc: 'Milliseconds for which a reply is tried to be sent.',
  }),
}

export const needs = { xhttp: optionalApi(xhttp) }

export default defineModule({
  name: 'jsonrpcs',
  doc: 'JSON-RPC over FIFO, datagrams and HTTP, as kamctl and kamcli speak it.',
  needs,
  params,
  instance: JsonRpcS,
  functions: {
    jsonrpc_dispatch: fn({
      doc: 'Answer the HTTP request with the result of the JSON-RPC command in its body.',
      args: [],
      routes: ANY_ROUTE,
      kemi: 'dispatch',
      run: dispatch,
    }),
    jsonrpc_exec: fn({
      doc: 'Execute a JSON-RPC command; $jsonrpl has the result.',
      args: [format('command')],
      routes: ANY_ROUTE,
      waits: true,
      kemi: 'exec execx',
      run: exec,
    }),
  },
  kemi: {
    response: kemiFn({
      doc: 'The result of the last exec: its JSON text, null before the first.',
      args: [],
      returns: 'xval',
      type: 'string | null',
      run: (self: JsonRpcS, msg) => getReplyPart(self, msg, 'body'),
    }),
  },
  pvars: {
    jsonrpl: keyed({
      doc: 'Result of the last jsonrpc_exec: code, text or body.',
      parse: replyPart,
      get: getReplyPart,
    }),
  },
  rpc: { contract: jsonrpc, handlers: { 'jsonrpc.echo': (_self, values) => values } },
  start: self => self.start(),
  stop: self => self.stop(),
})
