// Everything cfg_rpc offers to an operator is named here.
import { cfg } from '../../../rpc/contract/cfg.ts'
import { defineModule } from '../../core/module/index.ts'
import { get, help, list } from './ask.ts'
import { CfgRpc } from './cfg_rpc.ts'
import { addInstance, remove, removeInstance, reset, set } from './change.ts'
import { commit, differences, prepare, prepareRemoval, rollback } from './prepare.ts'

export default defineModule({
  name: 'cfg_rpc',
  doc: 'Reads and changes runtime parameters by RPC.',
  needs: {},
  params: {},
  instance: CfgRpc,
  rpc: {
    contract: cfg,
    handlers: {
      'cfg.set': set,
      'cfg.set_now_int': set,
      'cfg.seti': set,
      'cfg.set_now_string': set,
      'cfg.sets': set,
      'cfg.del': remove,
      'cfg.reset': reset,
      'cfg.add_group_inst': addInstance,
      'cfg.del_group_inst': removeInstance,
      'cfg.set_delayed': prepare,
      'cfg.set_delayed_int': prepare,
      'cfg.set_delayed_string': prepare,
      'cfg.del_delayed': prepareRemoval,
      'cfg.commit': commit,
      'cfg.rollback': rollback,
      'cfg.diff': differences,
      'cfg.get': get,
      'cfg.help': help,
      'cfg.list': list,
    },
  },
})
