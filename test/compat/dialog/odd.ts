// What peers do seldom, or should never do.
import { ROUTES } from './calls.ts'
import type { Call, Setup } from './facts.ts'
import { addressOf } from './people.ts'

const call = (name: string, ...steps: string[]): Call => ({ name, steps })
const ANSWERED = ['alice INVITE', 'bob 180', 'bob 200', 'alice ACK']
const ELSEWHERE = `Contact: <sip:other@${addressOf('carol')};x=1>`
const end = (name: string): string[] => [
  `rpc dlg.terminate_dlg ${name} a1 b1`,
  'alice 200 BYE',
  'bob 200 BYE',
  'carol 200 BYE',
]

const CALLS: Call[] = [
  call('nobody answers', 'alice INVITE', 'wait 3', 'alice ACK'),
  call(
    'rings and does not answer',
    'alice INVITE',
    'bob 180',
    'wait 4',
    'bob 200 CANCEL',
    'bob 487',
    'alice ACK',
  ),
  call(
    'an INVITE without Contact',
    'alice INVITE | Contact:',
    'bob 200',
    'alice ACK',
    ...end('an-INVITE-without-Contact'),
  ),
  call(
    'the caller moves',
    ...ANSWERED,
    `alice INVITE | ${ELSEWHERE}`,
    'bob 200',
    'alice ACK',
    ...end('the-caller-moves'),
  ),
  call(
    'the callee moves',
    ...ANSWERED,
    `bob INVITE | ${ELSEWHERE}`,
    'alice 200',
    'bob ACK',
    ...end('the-callee-moves'),
  ),
  call(
    'the callee moves with its answer',
    ...ANSWERED,
    'alice INVITE',
    `bob 200 | ${ELSEWHERE}`,
    'alice ACK',
    ...end('the-callee-moves-with-its-answer'),
  ),
  call(
    'moved by UPDATE',
    ...ANSWERED,
    `bob UPDATE | ${ELSEWHERE}`,
    'alice 200 UPDATE',
    ...end('moved-by-UPDATE'),
  ),
  call('a 200 behind a failure', 'alice INVITE', 'bob 486', 'alice ACK', 'bob 200', 'alice ACK'),
  call(
    'a provisional reply behind the 200',
    'alice INVITE',
    'bob 200',
    'bob 180',
    'alice ACK',
    ...end('a-provisional-reply-behind-the-200'),
  ),
  call(
    'another tag in the 200',
    'alice INVITE',
    'bob 180 | To: <sip:bob@example.org>;tag=early',
    'bob 200',
    'alice ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call('no tag in the 200', 'alice INVITE', 'bob 200 | To: <sip:bob@example.org>', 'alice ACK'),
  call(
    'the same Call-ID again',
    ...ANSWERED,
    'alice BYE',
    'bob 200 BYE',
    'carol INVITE | From: <sip:alice@example.com>;tag=a1',
    'bob 200',
    'carol ACK',
  ),
  call(
    'the same Call-ID meanwhile',
    ...ANSWERED,
    'carol INVITE | From: <sip:carol@example.com>;tag=c9',
    'bob 200',
    'carol ACK',
    'alice BYE',
    'bob 200 BYE',
  ),
  call(
    'Contact of several',
    'alice INVITE | Contact: <sip:a@127.0.0.1:25075>, <sip:b@127.0.0.1:25075>',
    'bob 200',
    'alice ACK',
    ...end('Contact-of-several'),
  ),
  call(
    'CSeq goes back',
    ...ANSWERED,
    'alice INFO | CSeq: 50 INFO',
    'bob 200 INFO',
    'alice INFO | CSeq: 7 INFO',
    'bob 200 INFO',
    ...end('CSeq-goes-back'),
  ),
  call(
    'a 200 without Contact',
    'alice INVITE',
    'bob 200 | Contact:',
    'alice ACK',
    ...end('a-200-without-Contact'),
  ),
]
export const ODD: Setup[] = [
  {
    name: 'odd',
    params: { tm: { fr_timer: 1000, fr_inv_timer: 2000 }, dialog: { send_bye: 1 } },
    routes: ROUTES,
    calls: CALLS,
  },
]
