/** The surface of tls: every name that a config, an operator or another module can use. */
import { tls as contract } from '../../../rpc/contract/tls.ts'
import { defineModule, fn, format } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { isPeerVerified, setConnectServerId } from './functions.ts'
import { params } from './params.ts'
import { handlers } from './rpc.ts'
import { EVENT, Tls } from './tls.ts'
import { variables } from './variables.ts'

export { params }

export default defineModule({
  name: 'tls',
  doc: 'Secure connections: certificates, and whom to trust.',
  needs: {},
  params,
  instance: Tls,
  functions: {
    is_peer_verified: fn({
      doc: 'Did the message come over TLS from a peer with a good certificate?',
      args: [],
      routes: ANY_ROUTE,
      run: isPeerVerified,
    }),
    tls_set_connect_server_id: fn({
      doc: 'Open connections with the client profile that has this id.',
      args: [format('server_id')],
      routes: ANY_ROUTE,
      run: setConnectServerId,
    }),
  },
  pvars: variables,
  events: { [EVENT]: 'A TLS connection is about to be opened.' },
  rpc: { contract, handlers },
  start: self => self.start(),
})
