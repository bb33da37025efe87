import type { Arrow } from '../../rpc/fleet/arrows.ts'
import type { Call } from '../../rpc/fleet/call.ts'
import { arrowKey, callColumns, callSheet, messageSheet } from '../render/trace.ts'
import { tableSheet } from '../render/table.ts'
import { type View, type ViewContext, emptySheet } from '../view.ts'

/** The calls that one of the nodes looked at has seen. */
function callsOf({ fleet, nodes }: ViewContext): readonly Call[] {
  if (nodes.length === fleet.nodes.length) return fleet.calls()
  const names = nodes.map(({ name }) => name)
  return fleet.calls().filter(call => call.nodes.some(node => names.includes(node)))
}

export const traceView: View = {
  name: 'trace',
  title: 'Trace',
  doc: 'The calls and other requests of the last minutes; Enter draws one over all nodes.',
  aliases: ['calls', 'tr'],
  isTop: true,
  feeds: ['messages', 'log'],
  sheet: context =>
    tableSheet(
      {
        rows: callsOf(context),
        columns: callColumns,
        keyOf: ({ callId }) => callId,
        empty: 'no message yet',
      },
      context.state,
      context.width,
    ),
  columns: () => callColumns.map(({ title }) => title),
  open: (_context, key) => ({ view: 'call', subject: key }),
}

export const callView: View = {
  name: 'call',
  title: 'Call',
  doc: 'One call as a ladder: a lane for each node and phone, in the order of causes.',
  aliases: [],
  isTop: false,
  feeds: ['messages', 'log'],
  sheet: ({ fleet, subject, state, width }) => {
    const call = fleet.call(subject)
    if (call === null) return emptySheet(`no message with Call-ID ${subject} is kept`)
    return callSheet(call, state, width)
  },
  open: ({ subject }, key) =>
    key.startsWith('log ') ? null : { view: 'message', subject: `${subject}\n${key}` },
}

export const messageView: View = {
  name: 'message',
  title: 'Message',
  doc: 'One message as it was on the wire.',
  aliases: [],
  isTop: false,
  feeds: ['messages'],
  sheet: ({ fleet, subject, width }) => {
    const [callId = '', key = ''] = subject.split('\n')
    const call = fleet.call(callId)
    const arrow = arrowsOf(call).find(one => arrowKey(one) === key)
    if (call === null || arrow === undefined) return emptySheet('this message is no longer kept')
    return messageSheet(call, arrow, width)
  },
}

const arrowsOf = (call: Call | null): Arrow[] => (call?.steps ?? []).map(({ arrow }) => arrow)
