import { int, list, methods, record, text } from '../schema.ts'

const size = record({ name: text(), size: int() })

/** `mqueue.*` - the queues of the script. */
export const mqueue = methods({
  'mqueue.get_size': {
    doc: 'Get size of mqueue.',
    class: 'read',
    params: [text('queue')],
    badParams: [[400, 'No queue name']],
    result: size,
  },
  'mqueue.get_sizes': {
    doc: 'Get sizes of all mqueues.',
    class: 'read',
    params: [],
    result: list(size),
  },
  'mqueue.fetch': {
    doc: 'Fetch an element from the queue.',
    class: 'write',
    params: [text('queue')],
    badParams: [[500, 'No queue name']],
    result: record({ key: text(), val: text() }),
  },
})
