/** The surface of outbound: every name that a config can use. */
import { defineModule, intParam, strParam } from '../../core/module/index.ts'
import { Outbound } from './outbound.ts'

export const params = {
  force_outbound_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag: requests that have it get flow tokens whatever they say; -1 is none.',
  }),
  force_no_outbound_flag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Message flag: requests that have it get no flow tokens; -1 is none.',
  }),
  flow_token_secret: strParam({
    default: '',
    doc: 'What flow tokens are signed with; empty: a key made at the start.',
  }),
  unkeyed_flow_tokens: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: sign as Kamailio 5.6, whose tokens everybody can make. Not safe.',
  }),
}

export default defineModule({
  name: 'outbound',
  doc: 'Sends requests to a phone over the flow that it has opened (RFC 5626).',
  needs: {},
  params,
  instance: Outbound,
})
