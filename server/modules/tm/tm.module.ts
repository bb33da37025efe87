/** The surface of tm: every name that a config, an operator or another module can use. */
import { tm as contract } from '../../../rpc/contract/tm.ts'
import { defineModule } from '../../core/module/index.ts'
import { functions } from './functions.ts'
import { kemi } from './kemi.ts'
import { params } from './params.ts'
import { handlers } from './rpc.ts'
import { Tm } from './tm.ts'

export default defineModule({
  name: 'tm',
  doc: 'Keeps transactions: retransmissions, forking, CANCEL, failure routes, requests of our own.',
  needs: {},
  params,
  instance: Tm,
  functions,
  kemi,
  events: {
    'tm:branch-failure:*':
      'A branch failed; armed by t_on_branch_failure(name) as tm:branch-failure:name.',
    'tm:local-request': 'A request of our own is about to be sent; it may still be changed.',
    'tm:local-response': 'A reply of our own was sent; the message is the reply.',
  },
  rpc: { contract, handlers },
  start: self => self.start(),
})
