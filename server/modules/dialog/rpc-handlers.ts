/** Which function answers which of the `dlg.*` commands. */
import type { dlg } from '../../../rpc/contract/dlg.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { Dialogs } from './dialog.ts'
import * as one from './rpc.ts'
import * as many from './rpc-list.ts'

export const rpcHandlers: Handlers<Dialogs, typeof dlg> = {
  'dlg.list': many.all,
  'dlg.list_ctx': many.all,
  'dlg.list_match': many.matching,
  'dlg.list_match_ctx': many.matching,
  'dlg.briefing': many.briefing,
  'dlg.dlg_list': many.ofCall,
  'dlg.dlg_list_ctx': many.ofCall,
  'dlg.dump_file': many.dump,
  'ohana.dialogs': many.page,
  'dlg.end_dlg': one.endDialog,
  'dlg.terminate_dlg': one.terminate,
  'dlg.set_state': one.setState,
  'dlg.is_alive': one.isAlive,
  'dlg.stats_active': one.statsActive,
  'dlg.profile_get_size': one.profileSize,
  'dlg.profile_list': one.profileList,
  'dlg.bridge_dlg': one.bridge,
}
