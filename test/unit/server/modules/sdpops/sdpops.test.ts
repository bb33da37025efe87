import { describe, expect, test } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'

const HEAD =
  'loadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "textopsx.so"\nloadmodule "sdpops.so"\n'

const message = (type: string, body: string): string =>
  [
    'INVITE sip:bob@example.com SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:25075;branch=z9hG4bKx',
    'From: <sip:a@b>;tag=1',
    'To: <sip:b@c>',
    'Call-ID: x',
    'CSeq: 1 INVITE',
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')

const lines = (...all: string[]): string => all.map(line => `${line}\r\n`).join('')

const ONE = lines(
  'v=0',
  'o=- 1 2 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP6 2001:db8::1',
  't=0 0',
  'm=audio 4000/2 RTP/AVP 0 8 96',
  'b=AS:64',
  'a=rtpmap:96 opus/48000/2',
  'a=rtcp-fb:96 nack',
)

/** What the script logs for a message with this body. */
async function ask(script: string, body: string, type = 'application/sdp'): Promise<string[]> {
  const bench = await Bench.start(`${HEAD}request_route {\n${script}\n}\n`)
  return bench.logged(message(type, body)).map(text => text.replace('<script>: ', ''))
}

describe('codecs', () => {
  test('that are all there give 1, some 2, none -1', async () => {
    const script = ['0,8', '0,99', '99'].map(
      list => `sdp_with_codecs_by_id("${list}"); xlog("$rc");`,
    )
    const names = ['pcmu,OPUS', 'opus,g729', 'speex'].map(
      list => `sdp_with_codecs_by_name("${list}"); xlog("$rc");`,
    )
    const found = await ask([...script, ...names].join('\n'), ONE)
    expect(found).toEqual(['1', '2', '-1', '1', '2', '-1'])
  })

  test('go with the lines that are about them', async () => {
    const script = 'sdp_remove_codecs_by_name("opus,PCMA"); msg_apply_changes(); xlog("[$rb]");'
    const [body] = await ask(script, ONE)
    const left = ONE.replace(' 8 96', '')
      .replace('a=rtpmap:96 opus/48000/2\r\n', '')
      .replace('a=rtcp-fb:96 nack\r\n', '')
    expect(body).toBe(`[${left}]`)
  })

  test('a number that is mapped means what its rtpmap says', async () => {
    const body = ONE.replace('a=rtpmap:96', 'a=rtpmap:0')
    expect(await ask('sdp_with_codecs_by_name("PCMU"); xlog("$rc");', body)).toEqual(['-1'])
    expect(await ask('sdp_with_codecs_by_name("opus"); xlog("$rc");', body)).toEqual(['1'])
  })
})

test('a part of a body of several is found, and only that is changed', async () => {
  const body = lines(
    '--xyz',
    'Content-Type: text/plain',
    '',
    'm=audio 1 RTP/AVP 0',
    '--xyz',
    'Content-Type: application/sdp',
    '',
    ...ONE.trimEnd().split('\r\n'),
    '--xyz--',
  )
  const script = 'sdp_remove_media("audio"); msg_apply_changes(); xlog("[$rb]");'
  const [changed] = await ask(script, body, 'multipart/mixed;boundary="xyz"')
  const media = ONE.slice(ONE.indexOf('m=audio'))
  expect(changed).toBe(`[${body.replace(media, '')}]`)
})

test('the parts of the variable', async () => {
  const parts = ['c:ip', 'c:af', 'o:ip', 'm0:rtp:port', 'm0:rtcp:port', 'm0:b:AS', 'm0:b:RR']
  const script = `xlog("${parts.map(part => `$sdp(${part})`).join(' ')}");`
  expect(await ask(script, ONE)).toEqual(['2001:db8::1 IP6 192.0.2.1 4000 4001 64 <null>'])
  expect(await ask('sdp_get_address_family(); xlog("$rc");', ONE)).toEqual(['6'])
  await expect(ask('xlog("$sdp(colour)");', ONE)).rejects.toThrow('no part')
})

test('what is no session description has no parts', async () => {
  const script = 'xlog("$sdp(body)"); if (!sdp_content()) xlog("none");'
  expect(await ask(script, 'hello', 'text/plain')).toEqual(['<null>', 'none'])
  expect(await ask(script, 'hello', 'multipart/mixed;boundary=none')).toEqual(['<null>', 'none'])
  expect(await ask(script, 'x', 'multipart/mixed')).toEqual(['<null>', 'none'])
})

test('an iterator goes over the lines and changes them', async () => {
  const script = `sdp_iterator_start("i");
while (sdp_iterator_next("i")) {
  if ($sdpitval(i) =~ "^a=rtcp-fb") sdp_iterator_rm("i");
  if ($sdpitval(i) =~ "^t=") sdp_iterator_append("i", "a=inactive\\r\\n");
  if ($sdpitval(i) =~ "^s=") sdp_iterator_insert("i", "i=info\\r\\n");
}
xlog("$sdpitval(i)"); sdp_iterator_end("i"); sdp_iterator_rm("i"); xlog("$rc");
msg_apply_changes(); xlog("[$rb]");`
  const left = ONE.replace('a=rtcp-fb:96 nack\r\n', '')
    .replace('t=0 0\r\n', 't=0 0\r\na=inactive\r\n')
    .replace('s=-\r\n', 'i=info\r\ns=-\r\n')
  expect(await ask(script, ONE)).toEqual(['<null>', '-1', `[${left}]`])
  const many = [1, 2, 3, 4, 5].map(i => `sdp_iterator_start("i${i}");`).join(' ')
  expect((await ask(`${many} xlog("$rc");`, ONE)).at(-1)).toBe('-1')
  expect(await ask('sdp_iterator_start("i"); xlog("$rc");', 'x', 'text/plain')).toEqual(['-1'])
})

test('bodies of any kind do no harm', async () => {
  const bench = await Bench.start(`${HEAD}request_route {
  sdp_remove_codecs_by_id("0"); sdp_keep_codecs_by_name("PCMU"); sdp_remove_media("audio");
  sdp_remove_line_by_prefix("a="); $sdp(sess_version) = -1; sdp_with_active_media("audio");
  msg_apply_changes(); xlog("$(rb{s.len})");
}
`)
  for (const body of ['m=', 'm=\n', 'm=audio', 'm=audio x\r\na=rtpmap:', '\r\n\r\n', 'o=', 'v'])
    expect(bench.logged(message('application/sdp', body)).at(-1)).toMatch(/^<script>: \d*/)
})
