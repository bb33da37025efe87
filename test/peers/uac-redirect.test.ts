// A redirect by the real Kamailio is followed, in the order of its q values.
import { expect, onTestFinished, test } from 'vitest'
import { Phone } from '../kit/phone.ts'
import { serverForTest } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'

const PROBE = 'if (is_present_hf("X-Probe")) { sl_send_reply("200", "here"); exit; }'
const config = (modules: string, routes: string): string =>
  `debug=0\nlog_stderror=yes\nauto_aliases=no\n${modules
    .split(' ')
    .map(name => `loadmodule "${name}.so"\n`)
    .join('')}${routes}\n`

async function phone(): Promise<Phone> {
  const opened = await Phone.open()
  onTestFinished(() => opened.close())
  return opened
}

test('the best contact of a redirect gets the call', async () => {
  const [caller, good, better] = [await phone(), await phone(), await phone()]
  const redirecting = await serverForTest({
    original: true,
    config: config(
      'tm sl pv textops corex',
      `request_route {
        ${PROBE}
        append_branch("sip:good@${good.address}", "0.2");
        append_branch("sip:better@${better.address}", "0.8");
        sl_send_reply("302", "Moved");
      }`,
    ),
  })
  const node = await serverForTest({
    config: config(
      'tm rr sl pv textops uac_redirect',
      `request_route {
        ${PROBE}
        t_on_failure("REDIRECT");
        $du = "sip:${redirecting.address}";
        t_relay();
      }
      failure_route[REDIRECT] {
        if (t_check_status("302") && get_redirects("1")) t_relay();
      }`,
    ),
  })
  const request = print('MESSAGE sip:bob@example.com SIP/2.0', [
    ['Via', `SIP/2.0/UDP ${caller.address};branch=z9hG4bKredirect;rport`],
    ['Max-Forwards', '70'],
    ['From', '<sip:alice@example.org>;tag=1'],
    ['To', '<sip:bob@example.com>'],
    ['Call-ID', 'redirect@example.org'],
    ['CSeq', '1 MESSAGE'],
  ])
  await caller.send(request, node.host, node.port)
  const got = await better.expect(/^MESSAGE/)
  expect(got.message.uri).toBe(`sip:better@${better.address}`)
  const copied = got.message.headers.filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name))
  got.answer(print('SIP/2.0 200 There', copied))
  expect((await caller.expect(/^SIP\/2\.0 [2-6]/)).message.first).toBe('SIP/2.0 200 There')
  expect(good.inbox).toEqual([])
})
