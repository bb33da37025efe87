// Damaged messages against the reader and the printer alone: whatever the bytes, reading is a value
// and never a throw, and what is printed reads the same again.
import { expect, test } from 'vitest'
import { parseNameAddressList } from '../../server/sip/header/address.ts'
import { parseCSeq } from '../../server/sip/header/cseq.ts'
import { splitList } from '../../server/sip/header/list.ts'
import { STRIDE, SipMessage } from '../../server/sip/message.ts'
import { printForwardedReply, printReply, printRequest } from '../../server/sip/print.ts'
import { parseUri } from '../../server/sip/uri.ts'
import { mutate, randomFrom } from '../kit/mutate.ts'
import { received } from '../kit/received.ts'
import { corpus } from './corpus.ts'

const SEED = Number(process.env.FUZZ_SEED ?? 1)
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 1500) * 10

const OUR_VIA = 'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKours\r\n'
const NOTHING = { headers: '', server: '', contentType: '', body: '' }

/** Everything that a routing script or a module could ask of a message. */
function askAll(message: SipMessage): unknown[] {
  const { via, via2, from, to, cseq, sipUri } = message
  return [
    via?.proto,
    via2?.proto,
    [from?.tag, from?.sipUri?.portNumber, from?.param('x')],
    [to?.tag, to?.sipUri?.transport, to?.sipUri?.looseRoute],
    [cseq, message.callId, message.contentLength, message.maxForwards, message.expires],
    [sipUri?.portNumber, sipUri?.transport, message.body, message.hasContact],
    message.header(1),
    message.findNamed('X-Unheard'),
    addressesIn(message),
  ]
}

/** Each header's value, read as a list of addresses whether it is one or not. */
function addressesIn(message: SipMessage): unknown[] {
  const found: unknown[] = []
  for (let index = 0; index < message.headers.length; index += STRIDE) {
    const value = message.bodyAt(index)
    found.push(splitList(value), parseUri(value), parseCSeq(value))
    for (const address of parseNameAddressList(value) ?? [])
      found.push(address.sipUri?.portNumber, address.param('expires'), address.tag)
  }
  return found
}

function damagedMessages(): string[] {
  const random = randomFrom(SEED)
  const good = corpus()
  return Array.from({ length: ROUNDS }, (_, round) =>
    mutate(
      (good[random(good.length)] ?? '')
        .replaceAll('{server}', '127.0.0.1')
        .replaceAll('{me}', '127.0.0.1:9')
        .replaceAll('{n}', String(round)),
      random,
    ),
  )
}

test(`${ROUNDS} damaged messages are read and printed, seed ${SEED}`, { timeout: 600_000 }, () => {
  let whole = 0
  for (const text of damagedMessages()) {
    try {
      const message = new SipMessage(text, received(), 1)
      expect(askAll(message)).toHaveLength(9)
      if (message.bad !== null) continue
      printAndReadAgain(message)
      whole++
    } catch (error) {
      throw new Error(`${JSON.stringify(text)}\n${(error as Error).stack}`, { cause: error })
    }
  }
  // Much of the damage leaves a message that is still one; else nothing would be tried here.
  expect(whole).toBeGreaterThan(ROUNDS / 4)
})

function printAndReadAgain(message: SipMessage): void {
  const { isRequest } = message
  const printed = isRequest
    ? printRequest(message, 'sip:next@192.0.2.1', OUR_VIA, '')
    : printForwardedReply(message)
  const again = new SipMessage(printed, received(), 2)
  expect([again.bad, again.callId, again.cseq]).toEqual([null, message.callId, message.cseq])
  if (isRequest) printReply(message, 400, 'Bad Request', 'tag', NOTHING)
}
