/** The message itself: method, status, body, text. */
import { kemiFn } from '../../core/module/index.ts'
import { H_USER_AGENT } from '../../sip/header-names.ts'
import type { Kemix } from './kemix.ts'
import { mayLack, number, orNull, part, type Rows } from './rows.ts'

export const messageParts: Rows = {
  ...part('method', 'The method; of a reply that of its CSeq', msg => orNull(msg.method)),
  ...part('callid', 'The Call-ID', msg => orNull(msg.callId)),
  ...mayLack('ua', 'User-Agent', msg => orNull(msg.header(H_USER_AGENT) ?? '')),
  ...mayLack('au', 'The user of the credentials', (msg, self) => self.authUser(msg)),
  ...mayLack('body', 'The body', msg => orNull(msg.body)),
  ...number('bodylen', 'The length of the body', msg => msg.body.length),
  ...number('status', 'The status of a reply, -1 for a request', msg =>
    msg.isRequest ? -1 : msg.status,
  ),
  'kx.gets_status': kemiFn({
    doc: 'The status of a reply as a text, null for a request.',
    args: [],
    returns: 'xval',
    type: 'string | null',
    run: (_self: Kemix, msg) => (msg.isRequest ? null : String(msg.status)),
  }),
  ...part('msgbuf', 'The text of the message', msg => msg.raw),
  ...number('msglen', 'The length of the message', msg => msg.raw.length),
  ...number('msgtype', '1 for a request, 2 for a reply', msg => msg.type),
  'kx.get_timestamp': kemiFn({
    doc: 'Seconds since 1970.',
    args: [],
    returns: 'int',
    run: (self: Kemix) => Math.floor(self.core.clock.now() / 1000),
  }),
}
