// Everything mqueue offers to a config or an operator is named here.
import { mqueue } from '../../../rpc/contract/mqueue.ts'
import { getters } from '../../core/kemi/getters.ts'
import {
  BadValue,
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  keyed,
  strParam,
  text,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import { Mqueue, readQueue } from './mqueue.ts'
import type { MqueueApi } from './api.ts'
import * as verbs from './verbs.ts'

export const params = {
  mqueue: eachParam({ doc: 'A queue: name=x;size=100;addmode=2.', parse: readQueue }),
  mqueue_name: eachParam({
    doc: 'The name of a queue with the size and mode of the other parameters.',
    parse: value => {
      if (String(value) === '') throw new BadValue('the name of a queue is expected')
      return String(value)
    },
  }),
  mqueue_size: intParam({ default: 0, min: 0, doc: 'Entries in a queue of mqueue_name; 0: all.' }),
  mqueue_addmode: intParam({
    default: 0,
    min: 0,
    max: 2,
    doc: 'In a queue of mqueue_name, keys twice: 0 add, 1 keep the first, 2 keep the last.',
  }),
  db_url: strParam({ default: '', doc: 'Where queues are kept; not supported yet.' }),
}

const fetched =
  (of: 'key' | 'value') =>
  (self: Mqueue, _msg: SipMessage, name: string): string | null =>
    self.fetched.get(name)?.[of] ?? null

const queue = format('queue')
const routes = ANY_ROUTE

export default defineModule({
  name: 'mqueue',
  doc: 'Queues through which one part of a script gives work to another.',
  needs: {},
  params,
  instance: Mqueue,
  functions: {
    mq_add: fn({
      doc: 'Put a key and a value at the end of a queue.',
      args: [queue, format('key'), format('value')],
      routes,
      run: verbs.add,
    }),
    mq_fetch: fn({
      doc: 'Take the oldest entry into $mqk and $mqv.',
      args: [queue],
      routes,
      run: verbs.fetch,
    }),
    mq_size: fn({ doc: 'How many entries there are.', args: [queue], routes, run: verbs.size }),
    mq_pv_free: fn({ doc: 'Empty $mqk and $mqv.', args: [queue], routes, run: verbs.forget }),
  },
  kemi: {
    ...getters('mqk_get', '', 'The key that was fetched last', [text('queue')], fetched('key')),
    ...getters('mqv_get', '', 'Its value', [text('queue')], fetched('value')),
  },
  pvars: {
    mqk: keyed({
      doc: 'Key of the entry that was fetched last from a queue.',
      get: (self: Mqueue, _msg, name: string) => self.fetched.get(name.trim())?.key ?? null,
    }),
    mqv: keyed({
      doc: 'Its value.',
      get: (self: Mqueue, _msg, name: string) => self.fetched.get(name.trim())?.value ?? null,
    }),
    mq_size: keyed({
      doc: 'How many entries a queue has; null when there is none of this name.',
      get: (self: Mqueue, _msg, name: string) => self.queues.get(name.trim())?.size ?? null,
    }),
  },
  rpc: {
    contract: mqueue,
    handlers: {
      'mqueue.get_size': verbs.getSize,
      'mqueue.get_sizes': verbs.getSizes,
      'mqueue.fetch': verbs.fetchByCommand,
    },
  },
  api: (self): MqueueApi => ({
    add: (name, key, value) => self.add(name, key, value),
  }),
})
