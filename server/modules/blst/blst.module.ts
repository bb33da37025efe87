/** The surface of blst: every name that a config can use. */
import { defineModule, fn, int, optional } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import {
  add,
  addForRetryAfter,
  Blst,
  clearIgnore,
  isBlocklisted,
  remove,
  setIgnore,
} from './blst.ts'

const flags = [optional(int('flags'))] as const

export default defineModule({
  name: 'blst',
  doc: 'The blocklist of destinations from the routing script.',
  needs: {},
  params: {},
  instance: Blst,
  functions: {
    blst_add: fn({
      doc: 'Block the source of the message for so many seconds, or dst_blocklist_expire.',
      args: [optional(int('timeout'))],
      routes: ANY_ROUTE,
      kemi: 'blst_add(int) blst_add_default()',
      run: add,
    }),
    blst_add_retry_after: fn({
      doc: 'Block the source for what its Retry-After header says, between min and max seconds.',
      args: [int('min'), int('max')],
      routes: ANY_ROUTE,
      run: addForRetryAfter,
    }),
    blst_del: fn({
      doc: 'Take the source of the message off the blocklist.',
      args: [],
      routes: ANY_ROUTE,
      run: remove,
    }),
    blst_is_blocklisted: fn({
      doc: 'Is the source of the message blocked?',
      args: [],
      routes: ANY_ROUTE,
      run: isBlocklisted,
    }),
    blst_set_ignore: fn({
      doc: 'Errors of forwarding this message that block nobody.',
      args: flags,
      routes: ANY_ROUTE,
      kemi: 'blst_set_ignore(int) blst_set_ignore_all()',
      run: setIgnore('request'),
    }),
    blst_rpl_set_ignore: fn({
      doc: 'The same for replies to this message.',
      args: flags,
      routes: ANY_ROUTE,
      kemi: 'blst_rpl_set_ignore(int) blst_rpl_set_ignore_all()',
      run: setIgnore('reply'),
    }),
    blst_clear_ignore: fn({
      doc: 'Let these errors block again.',
      args: flags,
      routes: ANY_ROUTE,
      kemi: 'blst_clear_ignore(int) blst_clear_ignore_all()',
      run: clearIgnore('request'),
    }),
    blst_rpl_clear_ignore: fn({
      doc: 'The same for replies to this message.',
      args: flags,
      routes: ANY_ROUTE,
      kemi: 'blst_rpl_clear_ignore(int) blst_rpl_clear_ignore_all()',
      run: clearIgnore('reply'),
    }),
  },
})
