// The event routes of the core, as Kamailio runs them: what they see, and what drop and return do.
import { describe, expect, test } from 'vitest'
import { messageText } from '../../../compat/textops/facts.ts'
import { Bench } from '../../../kit/bench.ts'

const CONFIG = (more: string): string => `
debug=2
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
${more}
request_route { xlog("L_INFO", "request $rm\\n"); sl_send_reply("404", "No"); }
reply_route { xlog("L_INFO", "reply $rs\\n"); drop; }
`
const request = messageText({ name: 'a request', steps: [] })
const reply = messageText({ name: 'a reply', reply: true, steps: [] })

async function logged(config: string, text: string): Promise<string[]> {
  const bench = await Bench.start(CONFIG(config))
  return bench.logged(text).map(line => line.replace('<script>: ', '').trim())
}

describe('event_route[core:pre-routing]', () => {
  const route = (statement: string): string =>
    `event_route[core:pre-routing] { xlog("L_INFO", "before $rm\\n"); ${statement} }`

  test('runs before requests and replies are routed', async () => {
    expect(await logged(route(''), request)).toEqual(['before INVITE', 'request INVITE'])
    expect(await logged(route(''), reply)).toEqual(['before INVITE', 'reply 486'])
  })
  test('ends it there with drop alone', async () => {
    expect(await logged(route('drop;'), request)).toEqual(['before INVITE'])
    expect(await logged(route('drop;'), reply)).toEqual(['before INVITE'])
    expect(await logged(route('exit;'), request)).toHaveLength(2)
    expect(await logged(route('return(-1);'), request)).toHaveLength(2)
  })
})

describe('event_route[core:msg-received]', () => {
  const route = (statement: string): string =>
    'event_route[core:msg-received] {\n' +
    `  xlog("L_INFO", "got $rm from $si, $rcv(sproto) $rcv(len)\\n"); ${statement} }`
  const MODE = 'received_route_mode=1\n'
  const line = `got OPTIONS from 127.0.0.1, udp ${request.length}`

  test('runs with received_route_mode, for a message that is made up', async () => {
    expect(await logged(route(''), request)).toEqual(['request INVITE'])
    expect(await logged(MODE + route(''), request)).toEqual([line, 'request INVITE'])
  })
  test('drops with drop and with a negative code', async () => {
    expect(await logged(MODE + route('drop;'), request)).toEqual([line])
    expect(await logged(MODE + route('return(-1);'), request)).toEqual([line])
    expect(await logged(MODE + route('exit;'), request)).toHaveLength(2)
  })
})

test('event_route[core:receive-parse-error] runs for what is no SIP message', async () => {
  const config = 'event_route[core:receive-parse-error] { xlog("L_INFO", "bad from $si\\n"); }'
  const lines = await logged(config, 'INVITE sip:a@b SIP/2.0\r\nno header\r\n\r\n')
  expect(lines).toContain('bad from 127.0.0.1')
  expect(await logged(config, request)).toEqual(['request INVITE'])
})
