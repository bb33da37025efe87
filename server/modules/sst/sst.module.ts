/** The surface of sst: every name that a config can use. */
import { counter, defineModule, fn, int, intParam, pvarParam } from '../../core/module/index.ts'
import { CORE_ONREPLY_ROUTE, REQUEST_ROUTE, TM_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { dialog } from '../dialog/api.ts'
import { sl } from '../sl/api.ts'
import { tm } from '../tm/api.ts'
import { checkMinimum } from './check.ts'
import { SessionTimers } from './sst.ts'

export const params = {
  enable_stats: intParam({ default: 1, doc: 'Exists for Kamailio configs; counting is cheap.' }),
  min_se: intParam({
    default: 90,
    min: 0,
    doc: 'Seconds of the shortest session interval that is taken.',
  }),
  timeout_avp: pvarParam({
    doc: 'Variable that gets the interval of the request, for the script and for dialog.',
  }),
  reject_to_small: intParam({
    default: 1,
    doc: 'Not 0: an INVITE with too short an interval is answered 422.',
  }),
  sst_flag: intParam({
    default: -1,
    min: -1,
    doc: 'Message flag of the INVITEs whose dialogs get a timer; a must.',
  }),
}

export const stats = { expired_sst: counter('Dialogs whose session timer ran out') }

export const needs = { sl, tm, dialog }

export default defineModule({
  name: 'sst',
  doc: 'Lets calls end whose phones do not refresh them.',
  needs,
  params,
  stats,
  instance: SessionTimers,
  functions: {
    sstCheckMin: fn({
      doc: 'Is the session interval too short? Then 1; not 0: it is answered 422.',
      args: [int('send_reply')],
      routes: REQUEST_ROUTE | TM_ONREPLY_ROUTE | CORE_ONREPLY_ROUTE,
      kemi: 'sst_check_min',
      run: checkMinimum,
    }),
  },
})
