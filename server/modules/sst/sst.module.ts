/** The surface of sst: every name that a config can use. */
import { counter, defineModule, fn, int, intParam, strParam } from '../../core/module/index.ts'
import { CORE_ONREPLY_ROUTE, REQUEST_ROUTE, TM_ONREPLY_ROUTE } from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { checkMinimum, SessionTimers } from './sst.ts'

export const params = {
  enable_stats: intParam({ default: 1, doc: 'Exists for Kamailio configs; counting is cheap.' }),
  min_se: intParam({
    default: 90,
    min: 0,
    doc: 'Seconds of the shortest session interval that is taken.',
  }),
  timeout_avp: strParam({
    default: '',
    doc: 'Variable with the lifetime of a dialog; needs dialog, which is not there yet.',
  }),
  reject_to_small: intParam({
    default: 1,
    doc: 'Not 0: a dialog with too short an interval is answered 422.',
  }),
  sst_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag of dialogs with a timer; needs dialog, which is not there yet.',
  }),
}

export const needs = { sl }

export default defineModule({
  name: 'sst',
  doc: 'Checks the session timers of calls.',
  needs,
  params,
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
  stats: { expired_sst: counter('Dialogs whose session timer ran out') },
})
