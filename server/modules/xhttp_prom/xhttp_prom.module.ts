/** The surface of xhttp_prom: every name that a config or an operator can use. */
import { xhttpProm as contract } from '../../../rpc/contract/xhttp_prom.ts'
import {
  type Arg,
  BadValue,
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE, EVENT_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { xhttp } from '../xhttp/api.ts'
import { reader } from './declaration.ts'
import * as functions from './functions.ts'
import { handlers } from './rpc.ts'
import { XhttpProm } from './xhttp_prom.ts'

export const params = {
  xhttp_prom_buf_size: intParam({ default: 0, doc: 'Bytes of a page; 0: no bound.' }),
  xhttp_prom_timeout: intParam({
    default: 60,
    doc: 'Minutes after which what is not used is forgotten; 0: never.',
  }),
  xhttp_prom_stats: strParam({ default: '', doc: 'Statistics to show: all, group: or a name.' }),
  xhttp_prom_beginning: strParam({ default: 'kamailio_', doc: 'What names begin with.' }),
  prom_counter: eachParam({ doc: 'A counter: name=x;label=a:b.', parse: reader('counter') }),
  prom_gauge: eachParam({ doc: 'A gauge: name=x;label=a:b.', parse: reader('gauge') }),
  prom_histogram: eachParam({
    doc: 'A histogram: name=x;label=a:b;buckets=1:2.',
    parse: reader('histogram'),
  }),
}

export const needs = { xhttp }

const MINUTE = 60_000
const NAME = format('name')
const NUMBER = format('number')
const COUNT: Arg<string> = {
  ...NUMBER,
  check: text => {
    if (!/^-?\d+$/.test(text)) throw new BadValue(`"${text}" is no number`)
  },
}
const [L0, L1, L2] = ['l0', 'l1', 'l2'].map(name => optional(format(name))) as [
  Arg<string | undefined>,
  Arg<string | undefined>,
  Arg<string | undefined>,
]

/** The names that KEMI scripts have: one for each number of labels. */
const kemi = (name: string, ...first: string[]): string =>
  [0, 1, 2, 3]
    .map(n => `${name}_l${n}(${[...first, ...Array<string>(n).fill('str')].join(', ')})`)
    .join(' ')

/** The path that Prometheus asks for. */
const METRICS = '/metrics'

export default defineModule({
  name: 'xhttp_prom',
  doc: 'Metrics for Prometheus.',
  needs,
  params,
  instance: XhttpProm,
  start: self => self.start(),

  functions: {
    prom_counter_reset: fn({
      doc: 'Set a counter to 0.',
      args: [NAME, L0, L1, L2],
      routes: ANY_ROUTE,
      kemi: kemi('counter_reset', 'str'),
      run: functions.counterReset,
    }),
    prom_gauge_reset: fn({
      doc: 'Set a gauge to 0.',
      args: [NAME, L0, L1, L2],
      routes: ANY_ROUTE,
      kemi: kemi('gauge_reset', 'str'),
      run: functions.gaugeReset,
    }),
    prom_counter_inc: fn({
      doc: 'Add to a counter.',
      args: [NAME, COUNT, L0, L1, L2],
      routes: ANY_ROUTE,
      kemi: kemi('counter_inc', 'str', 'int'),
      run: functions.counterInc,
    }),
    prom_gauge_set: fn({
      doc: 'Set a gauge.',
      args: [NAME, NUMBER, L0, L1, L2],
      routes: ANY_ROUTE,
      kemi: kemi('gauge_set', 'str', 'str'),
      run: functions.gaugeSet,
    }),
    prom_histogram_observe: fn({
      doc: 'Observe a number in a histogram.',
      args: [NAME, NUMBER, L0, L1, L2],
      routes: ANY_ROUTE,
      kemi: kemi('histogram_observe', 'str', 'str'),
      run: functions.histogramObserve,
    }),
    prom_dispatch: fn({
      doc: 'Answer an HTTP request with the metrics.',
      args: [],
      routes: REQUEST_ROUTE | EVENT_ROUTE,
      kemi: 'dispatch',
      run: functions.dispatch,
    }),
    prom_check_uri: fn({
      doc: 'Does the HTTP request ask for the metrics?',
      args: [],
      routes: REQUEST_ROUTE | EVENT_ROUTE,
      kemi: 'check_uri',
      run: (_self: XhttpProm, msg) => (msg.originalUri === METRICS ? 1 : -1),
    }),
  },
  timers: {
    forget: {
      doc: 'Forgets what was not used for too long.',
      every: () => MINUTE,
      run: self => self.forgetOld(),
    },
  },
  rpc: { contract, handlers },
})
