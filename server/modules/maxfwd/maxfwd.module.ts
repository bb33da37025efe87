/** The surface of maxfwd: every name that a config can use. */
import { defineModule, fn, int, intParam } from '../../core/module/index.ts'
import { ANY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { isMaxForwardsLess, MaxForwards, processMaxForwards } from './maxfwd.ts'

export const params = {
  max_limit: intParam({
    default: 70,
    min: 0,
    liveMax: 255,
    live: true,
    doc: 'The largest Max-Forwards that leaves; a larger one is lowered to it.',
  }),
}

const process = fn({
  doc: 'Count Max-Forwards down, or add it with max_value.',
  args: [int('max_value')],
  routes: REQUEST_ROUTE,
  run: processMaxForwards,
})

const isLess = fn({
  doc: 'Is Max-Forwards less than max_value?',
  args: [int('max_value')],
  routes: ANY_ROUTE,
  run: isMaxForwardsLess,
})

export default defineModule({
  name: 'maxfwd',
  doc: 'Counts the hops of a request down, so that a loop ends.',
  needs: {},
  params,
  instance: MaxForwards,
  functions: {
    maxfwd_process: process,
    mf_process_maxfwd_header: process,
    process_maxfwd: process,
    is_maxfwd_lt: isLess,
    maxfwd_at_least: isLess,
    mf_lowlimit: isLess,
  },
})
