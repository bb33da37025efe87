import { double, looseInt, maybe, methods, nothing, text } from '../schema.ts'

const LABELS = [maybe(text('l0')), maybe(text('l1')), maybe(text('l2'))] as const

/** What is said of the first parameter, and of the second one. */
const bad = (kind: string) =>
  [
    [400, `required ${kind} identifier`],
    [400, 'required number argument'],
  ] as const

/** `xhttp_prom.*` - metrics of the config. */
export const xhttpProm = methods({
  'xhttp_prom.counter_reset': {
    doc: 'Reset a counter based on its identifier',
    class: 'write',
    params: [text('counter'), ...LABELS],
    badParams: bad('counter'),
    result: nothing,
  },
  'xhttp_prom.counter_inc': {
    doc: 'Add a number (greater or equal to zero) to a counter based on its identifier',
    class: 'write',
    params: [text('counter'), looseInt('number'), ...LABELS],
    badParams: bad('counter'),
    result: nothing,
  },
  'xhttp_prom.gauge_reset': {
    doc: 'Reset a gauge based on its identifier',
    class: 'write',
    params: [text('gauge'), ...LABELS],
    badParams: bad('gauge'),
    result: nothing,
  },
  'xhttp_prom.gauge_set': {
    doc: 'Set a gauge to a number based on its identifier',
    class: 'write',
    params: [text('gauge'), double('number'), ...LABELS],
    badParams: bad('gauge'),
    result: nothing,
  },
  'xhttp_prom.histogram_observe': {
    doc: 'Observe a number in a histogram',
    class: 'write',
    params: [text('histogram'), double('number'), ...LABELS],
    badParams: bad('histogram'),
    result: nothing,
  },
  'xhttp_prom.metric_list_print': {
    doc: 'Print a list showing all user defined metrics',
    class: 'read',
    params: [],
    result: text(),
  },
})
