/** The surface of sl: every name that a config, an operator or another module can use. */
import { sl as contract } from '../../../rpc/contract/sl.ts'
import {
  BadValue,
  counter,
  defineModule,
  fn,
  format,
  int,
  intParam,
  keyed,
  optional,
  optionalApi,
  strParam,
  since6,
} from '../../core/module/index.ts'
import {
  BRANCH_FAILURE_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import {
  errorReply,
  forwardReply,
  sendReply,
  sendErrorReply,
  sendReplyMode,
  statelessReply,
} from './reply.ts'
import { Sl, statistics } from './sl.ts'

export const params = {
  default_code: intParam({ default: 500, min: 400, max: 699, doc: 'Status when none is given.' }),
  default_reason: strParam({
    default: 'Internal Server Error',
    doc: 'Reason phrase when none is given.',
  }),
  bind_tm: intParam({
    default: 1,
    doc: 'send_reply answers through the transaction if there is one.',
  }),
  rich_redirect: intParam({
    default: 0,
    min: 0,
    max: 3,
    doc: 'Contacts of a 3xx: 1 with branch flags, 2 with the path, 3 with both.',
  }),
  event_callback_fl_ack: strParam({
    default: '',
    doc: 'KEMI function for sl:filtered-ack; waits for KEMI scripts.',
  }),
  event_callback_lres_sent: strParam({
    default: '',
    doc: 'KEMI function for sl:local-response; waits for KEMI scripts.',
  }),
}

export const needs = { tm: optionalApi(tm) }

export const stats = {
  '1xx_replies': counter('Provisional replies'),
  '200_replies': counter('200 replies'),
  '202_replies': counter('202 replies'),
  '2xx_replies': counter('Other 2xx replies'),
  '300_replies': counter('300 replies'),
  '301_replies': counter('301 replies'),
  '302_replies': counter('302 replies'),
  '3xx_replies': counter('Other 3xx replies'),
  '400_replies': counter('400 replies'),
  '401_replies': counter('401 replies'),
  '403_replies': counter('403 replies'),
  '404_replies': counter('404 replies'),
  '407_replies': counter('407 replies'),
  '408_replies': counter('408 replies'),
  '483_replies': counter('483 replies'),
  '4xx_replies': counter('Other 4xx replies'),
  '500_replies': counter('500 replies'),
  '5xx_replies': counter('Other 5xx replies'),
  '6xx_replies': counter('6xx replies'),
  xxx_replies: counter('Replies of no known class'),
  sent_replies: counter('Replies sent'),
  sent_err_replies: counter('Error replies sent'),
  failures: counter('Replies that could not be sent'),
  received_ACKs: counter('ACKs to stateless replies, absorbed'),
}

/** An event route counts as a request route. */
const WHERE = REQUEST_ROUTE | EVENT_ROUTE | BRANCH_FAILURE_ROUTE
const code = int('code')
const reason = format('reason')

export default defineModule({
  name: 'sl',
  doc: 'Answers requests without keeping state.',
  needs,
  params,
  stats,
  instance: Sl,

  functions: {
    sl_send_reply: fn({
      doc: 'Answer without a transaction.',
      args: [code, reason],
      routes: WHERE,
      run: statelessReply,
    }),
    sl_reply: fn({
      doc: 'Another name of sl_send_reply.',
      args: [code, reason],
      routes: WHERE,
      run: statelessReply,
    }),
    send_reply: fn({
      doc: 'Answer through the transaction if there is one, else without.',
      args: [code, reason],
      routes: WHERE | FAILURE_ROUTE | ONREPLY_ROUTE,
      run: sendReply,
    }),
    send_reply_mode: fn({
      doc: 'As send_reply; mode 1 opens no connection for it, 2 closes the connection after it.',
      args: [code, reason, int('mode')],
      routes: WHERE | FAILURE_ROUTE | ONREPLY_ROUTE,
      run: sendReplyMode,
    }),
    sl_reply_error: fn({
      doc: 'Answer with what went wrong last.',
      args: [],
      routes: WHERE,
      run: errorReply,
    }),
    send_reply_error: since6(
      fn({
        doc: 'Answer with what went wrong last, through the transaction if there is one.',
        args: [],
        routes: WHERE | FAILURE_ROUTE | ONREPLY_ROUTE,
        run: sendErrorReply,
      }),
    ),
    sl_forward_reply: fn({
      doc: 'Forward the received reply at once, with another code and reason if given.',
      args: [optional(format('code')), optional(format('reason'))],
      routes: ONREPLY_ROUTE,
      run: forwardReply,
    }),
  },

  pvars: {
    ltt: keyed<Sl, string>({
      doc: 'The To tag of a local reply: x as it will be, s stateless, t of the transaction.',
      parse: inner => {
        if (!['x', 's', 't'].includes(inner)) throw new BadValue(`ltt has no attribute '${inner}'`)
        return inner
      },
      get: (self, msg, key) => self.tagFor(msg, key),
    }),
  },

  events: {
    'sl:filtered-ack': 'An ACK to a stateless reply was absorbed; the message is the ACK.',
    'sl:local-response': 'A stateless reply was sent; the message is the reply.',
  },

  rpc: { contract, handlers: { 'sl.stats': statistics } },
  start: self => self.start(),
})
