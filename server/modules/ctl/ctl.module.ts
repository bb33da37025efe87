// Everything ctl offers to a config or an operator is named here.
import { ctl } from '../../../rpc/contract/ctl.ts'
import { defineModule, eachParam, intParam, strParam } from '../../core/module/index.ts'
import { ctlAddress, fifoAddress } from './address.ts'
import { Ctl } from './ctl.ts'

export const params = {
  binrpc: eachParam({
    doc: 'Where BINRPC is spoken: unix:/path, unixd:/path, tcp:host:port or udp:host:port.',
    parse: ctlAddress,
  }),
  fifo: eachParam({
    doc: 'Where the old line protocol is spoken: fifo:/path, or as binrpc.',
    parse: fifoAddress,
  }),
  mode: intParam({ default: 0o600, doc: 'Permission bits of sockets and FIFOs.' }),
  user: strParam({ default: '', doc: 'Owner of sockets and FIFOs.' }),
  group: strParam({ default: '', doc: 'Group of sockets and FIFOs.' }),
  autoconversion: intParam({
    default: 0,
    doc: 'Numbers are taken where a command wants a text, and digits where it wants a number.',
  }),
  binrpc_max_body_size: intParam({ default: 32, doc: 'Accepted: replies grow as needed.' }),
  binrpc_struct_max_body_size: intParam({ default: 8, doc: 'Accepted: replies grow as needed.' }),
  binrpc_buffer_size: intParam({ default: 1024, doc: 'Accepted: buffers grow as needed.' }),
}

export default defineModule({
  name: 'ctl',
  doc: 'BINRPC for kamcmd, and the line protocol of old.',
  needs: {},
  params,
  instance: Ctl,
  rpc: {
    contract: ctl,
    handlers: {
      'ctl.who': self => self.who(),
      'ctl.connections': self => self.connections(),
      'ctl.listen': self => self.listeners(),
    },
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
