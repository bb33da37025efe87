/** The surface of topoh: every name that a config can use. */
import {
  BadValue,
  defineModule,
  intParam,
  keyed,
  optionalApi,
  since6,
  strParam,
} from '../../core/module/index.ts'
import { sanity } from '../sanity/api.ts'
import { EVENTS, MSG_OUTGOING, MSG_SENDING } from './events.ts'
import { Topoh } from './topoh.ts'

export const params = {
  mask_key: strParam({ default: 'aL9.n8~Hm]Z', doc: 'What the mask is made with.' }),
  mask_ip: strParam({
    default: '127.0.0.8',
    doc: 'Host of masked URIs and Vias; empty: the address of the socket.',
  }),
  mask_callid: intParam({ default: 0, doc: 'Not 0: the Call-ID is masked, too.' }),
  mask_mode: since6(
    intParam({
      default: 0,
      min: 0,
      max: 1,
      doc: '1: the Contact of a redirection (3xx) stays as it is.',
    }),
  ),
  uparam_name: strParam({ default: 'line', doc: 'URI parameter that holds a masked URI.' }),
  uparam_prefix: strParam({ default: 'sr-', doc: 'What its value begins with.' }),
  vparam_name: strParam({ default: 'branch', doc: 'Via parameter that holds a masked Via.' }),
  vparam_prefix: strParam({ default: 'z9hG4bKsr-', doc: 'What its value begins with.' }),
  callid_prefix: strParam({ default: '!!:', doc: 'What a masked Call-ID begins with.' }),
  sanity_checks: intParam({ default: 0, doc: 'Not 0: requests are checked by sanity first.' }),
  uri_prefix_checks: intParam({
    default: 0,
    doc: 'Not 0: only what begins as our masked URIs and Vias do is unmasked.',
  }),
  event_callback: strParam({
    default: '',
    doc: 'Function of the KEMI script that stands for the event routes.',
  }),
  event_mode: intParam({
    default: MSG_OUTGOING | MSG_SENDING,
    min: 0,
    max: 3,
    doc: 'Which event routes run: 1 msg-outgoing, 2 msg-sending.',
  }),
  use_mode: since6(
    intParam({
      default: 0,
      min: 0,
      max: 1,
      doc: '1: only what other modules ask for is masked, no message.',
    }),
  ),
}

export const needs = { sanity: optionalApi(sanity) }

export default defineModule({
  name: 'topoh',
  doc: 'Masks the addresses of each side of a call for the other side.',
  needs,
  params,
  instance: Topoh,
  pvars: {
    th: keyed({
      doc: 'ecallid: the Call-ID as the mask makes it.',
      parse: inner => {
        if (inner !== 'ecallid') throw new BadValue(`unknown key ${inner} of $th`, 'ecallid')
        return inner
      },
      get: (self: Topoh, msg) => self.maskCallId(msg.callId),
    }),
  },
  events: {
    [EVENTS[0]]: 'A message is about to leave; drop leaves it unmasked.',
    [EVENTS[1]]: 'The same, and the route sees that message; drop leaves it unmasked.',
  },
})
