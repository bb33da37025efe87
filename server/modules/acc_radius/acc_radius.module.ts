/** The surface of acc_radius: every name that a config or an operator can use. */
import {
  counter,
  defineModule,
  fn,
  format,
  gauge,
  intParam,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { acc } from '../acc/api.ts'
import { RadiusAccounting } from './acc_radius.ts'

const flag = (doc: string) =>
  intParam({ default: -1, min: -1, max: 31, doc: `${doc}; -1 is none.` })

export const params = {
  radius_config: strParam({
    default: '',
    doc: 'Path of radiusclient.conf; empty: nothing is sent.',
  }),
  radius_flag: flag('Message flag that makes a transaction accounted'),
  radius_missed_flag: flag('Message flag that makes a missed call accounted'),
  service_type: intParam({
    default: -1,
    min: -1,
    doc: 'Service-Type; -1 is Sip-Session of the dictionary.',
  }),
  radius_extra: strParam({ default: '', doc: 'More attributes: Name=$variable;Name=$variable.' }),
  rad_time_mode: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: Event-Timestamp with microseconds, when the dictionary calls it a string.',
  }),
}

export const stats = {
  sent: counter('Accounting-Requests that were sent, without repetitions'),
  answered: counter('Those that a server answered'),
  retransmissions: gauge(
    'Requests that were sent again',
    (self: RadiusAccounting) => self.client?.retransmissions ?? 0,
  ),
  failovers: gauge(
    'Requests that went to the next server',
    (self: RadiusAccounting) => self.client?.failovers ?? 0,
  ),
  ignored: gauge(
    'Answers that were not genuine',
    (self: RadiusAccounting) => self.client?.ignored ?? 0,
  ),
}

export const needs = { acc }

export default defineModule({
  name: 'acc_radius',
  doc: 'Accounts transactions at RADIUS servers.',
  needs,
  params,
  stats,
  instance: RadiusAccounting,
  functions: {
    acc_rad_request: fn({
      doc: 'Accounts the current request.',
      args: [format('comment')],
      routes: ANY_ROUTE,
      kemi: 'request',
      run: (self: RadiusAccounting, msg, comment) => self.accountRequest(msg, comment),
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
