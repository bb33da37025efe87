/** The surface of nosip: every name that a config can use. */
import { defineModule, strParam, variable } from '../../core/module/index.ts'
import { EVENT, NoSip, packet } from './nosip.ts'

export const params = {
  msg_match: strParam({
    default: '',
    doc: 'Regular expression: only packets that match run the event route.',
  }),
  msg_skip: strParam({
    default: '',
    doc: 'Regular expression: packets that match do not run the event route.',
  }),
}

export default defineModule({
  name: 'nosip',
  doc: 'Gives packets that are no SIP to the script.',
  needs: {},
  params,
  instance: NoSip,
  pvars: { nosip: variable({ doc: 'The packet, in the event route.', get: packet }) },
  events: { [EVENT]: 'A packet came in that is no SIP message.' },
  start: self => self.start(),
})
