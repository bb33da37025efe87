// log_prefix: what cannot change is only written when a line needs it, everything else as the
// message comes in, so that a script that changes it does not change the prefix.
import { expect, test } from 'vitest'
import { MessageContext } from '../../../../server/boot/log-context.ts'
import { defaultCoreParams } from '../../../../server/core/params.ts'
import { SipMessage } from '../../../../server/sip/message.ts'
import { plainCore } from '../../../kit/plain-core.ts'
import { received } from '../../../kit/received.ts'

const REQUEST = 'OPTIONS sip:h SIP/2.0\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n\r\n'

/** A context, and the messages for which its prefix was made. */
function contextWith(log_prefix: string, log_prefix_mode = 0) {
  const made: number[] = []
  const core = plainCore({
    params: { ...defaultCoreParams(), log_prefix, log_prefix_mode },
    formats: {
      compile: () => msg => {
        made.push(msg.id)
        return `${msg.id}`
      },
      pvar: text => ({ text, get: () => null, set: null }),
      target: text => ({ text, get: () => null, set: null }),
    },
  })
  return { context: new MessageContext(core), made }
}

const message = (id: number) => new SipMessage(REQUEST, received(), id)

test.for(['{$mt $hdr(CSeq) $ci} ', '$rm from $si:$sp', 'a node', '$hdr(Call-ID)$cs'])(
  '%s waits for a line, and is made once',
  prefix => {
    const { context, made } = contextWith(prefix)
    context.begin(message(1))
    context.begin(message(2))
    expect(made).toEqual([])
    expect([context.prefix(), context.prefix()]).toEqual(['2', '2'])
    expect(made).toEqual([2])
  },
)

test.for(['$rU', '$mtx', '{$ci} $(hdr(CSeq))', '$hdr(X)', '$var(x)', '$rm $'])(
  '%s is made as the message comes in',
  prefix => {
    const { context, made } = contextWith(prefix)
    context.begin(message(1))
    expect(made).toEqual([1])
    expect(context.prefix()).toBe('1')
    expect(made).toEqual([1])
  },
)

test('in mode 1 each line makes its own', () => {
  const { context, made } = contextWith('$rU', 1)
  context.begin(message(1))
  expect(made).toEqual([])
  context.prefix()
  context.prefix()
  expect(made).toEqual([1, 1])
})
