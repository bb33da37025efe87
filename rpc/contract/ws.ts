import { int, maybe, methods, nothing, pairs, record, text } from '../schema.ts'

/** `ws.*` - WebSocket connections. */
export const ws = methods({
  'ws.dump': {
    doc: 'List websocket connections',
    class: 'read',
    params: [maybe(text('id_hash, used_desc or used_asc'))],
    result: record({
      connections: pairs(text(), 'by id'),
      info: record({ wscounter: int(), truncated: text('yes or no') }),
    }),
  },
  'ws.close': {
    doc: 'Close a websocket connection by id',
    class: 'danger',
    params: [int('id')],
    result: nothing,
    badParams: [[500, 'Invalid Parameters']],
  },
  'ws.ping': {
    doc: 'Send ping on a websocket connection by id',
    class: 'write',
    params: [int('id')],
    result: nothing,
    badParams: [[500, 'Invalid Parameters']],
  },
  'ws.pong': {
    doc: 'Send pong on a websocket connection by id',
    class: 'write',
    params: [int('id')],
    result: nothing,
    badParams: [[500, 'Invalid Parameters']],
  },
  'ws.enable': {
    doc: 'Enable websocket connection handling',
    class: 'write',
    params: [],
    result: nothing,
  },
  'ws.disable': {
    doc: 'Disable websocket connection handling',
    class: 'write',
    params: [],
    result: nothing,
  },
})
