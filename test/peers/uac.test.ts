// uac beside others: a dialog that changes between Ohana and the real Kamailio, SIPp and the real
// Kamailio as servers that challenge, and the real Kamailio as the registrar of a trunk.
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, type TestContext } from 'vitest'
import { Phone, type Received } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest, startServer } from '../kit/server.ts'
import { print } from '../kit/sip-text.ts'
import { sipp } from '../kit/sipp.ts'

const MODULES = ['tm', 'rr', 'sl', 'pv', 'textops', 'siputils', 'ctl', 'uac']
const PROBE = 'if (is_present_hf("X-Probe")) { sl_send_reply("200", "here"); exit; }'

const config = (params: string[], routes: string, modules = MODULES): string =>
  [
    'debug=0',
    'log_stderror=yes',
    'auto_aliases=no',
    ...modules.map(name => `loadmodule "${name}.so"`),
    ...params.map(param => `modparam(${param})`),
    routes,
    '',
  ].join('\n')

async function phone({ onTestFinished }: TestContext): Promise<Phone> {
  const opened = await Phone.open()
  onTestFinished(() => opened.close())
  return opened
}

let messages = 0
async function send(
  from: Phone,
  to: SipServer,
  first: string,
  headers: [string, string][],
): Promise<void> {
  const id = `uac${++messages}`
  const [method = ''] = first.split(' ')
  const own: [string, string][] = [
    ['Via', `SIP/2.0/UDP ${from.address};branch=z9hG4bK${id};rport`],
    ['Max-Forwards', '70'],
    ['CSeq', `${messages} ${method}`],
  ]
  await from.send(print(`${first} SIP/2.0`, [...own, ...headers]), to.host, to.port)
}

function answer(got: Received, status: string, more: [string, string][] = []): void {
  const copied = got.message.headers
    .filter(([name]) => /^(via|from|to|call-id|cseq|record-route)$/i.test(name))
    .map(([name, value]): [string, string] =>
      name === 'To' && !value.includes('tag=') ? [name, `${value};tag=callee`] : [name, value],
    )
  got.answer(print(`SIP/2.0 ${status}`, [...copied, ...more]))
}

describe.concurrent('a dialog with another From and To', () => {
  const CHANGING = `request_route {
    ${PROBE}
    if (has_totag()) { loose_route(); t_relay(); exit; }
    record_route();
    uac_replace_from("Trunk", "sip:4711@trunk.example");
    uac_replace_to("sip:a-longer-name@trunk.example");
    $du = "sip:CALLEE";
    t_relay();
  }`
  const CALL_ID: [string, string] = ['Call-ID', 'changing@example.org']

  /** Begins at one server and goes on at another one with the same address. */
  async function change(
    context: TestContext,
    first: boolean,
    second: boolean,
  ): Promise<{ route: string; seen: string[] }> {
    const [caller, callee] = [await phone(context), await phone(context)]
    const port = await freePort()
    const text = config(
      ['"uac", "restore_passwd", "pw"'],
      CHANGING.replace('CALLEE', callee.address),
    )
    const before = await startServer({ config: text, port, transports: ['udp'], original: first })
    await send(caller, before, 'INVITE sip:bob@example.com', [
      ['From', '"Alice" <sip:alice@example.org>;tag=caller'],
      ['To', '<sip:bob@example.com>'],
      CALL_ID,
    ])
    const invite = await callee.expect(/^INVITE/)
    answer(invite, '200 OK', [['Contact', `<sip:bob@${callee.address}>`]])
    const ok = await caller.expect(/^SIP\/2\.0 200/)
    await before.stop()
    const route = invite.message.header('Record-Route')
    const again = { config: text, port, transports: ['udp' as const], original: second }
    const after = await serverForTest(again, context)
    await send(caller, after, `BYE sip:bob@${callee.address}`, [
      ['Route', route],
      ['From', ok.message.header('From')],
      ['To', ok.message.header('To')],
      CALL_ID,
    ])
    const bye = await callee.expect(/^BYE/)
    answer(bye, '200 OK')
    const byeOk = await caller.expect(/^SIP\/2\.0 200/)
    await send(callee, after, `INFO sip:alice@${caller.address}`, [
      ['Route', route],
      ['From', invite.message.header('To') + ';tag=callee'],
      ['To', invite.message.header('From')],
      CALL_ID,
    ])
    const info = await caller.expect(/^INFO/)
    const seen = [invite, ok, bye, byeOk, info].flatMap(({ message }) => [
      message.header('From'),
      message.header('To'),
    ])
    return { route: route.replace(String(port), 'PORT'), seen }
  }

  test('looks the same wherever it goes on', async context => {
    const ours = await change(context, false, false)
    expect(ours.seen.slice(0, 8)).toEqual([
      'Trunk <sip:4711@trunk.example>;tag=caller',
      '<sip:a-longer-name@trunk.example>',
      '"Alice" <sip:alice@example.org>;tag=caller',
      '<sip:bob@example.com>;tag=callee',
      '"Alice" <sip:4711@trunk.example>;tag=caller',
      '<sip:a-longer-name@trunk.example>;tag=callee',
      '"Alice" <sip:alice@example.org>;tag=caller',
      '<sip:bob@example.com>;tag=callee',
    ])
    for (const [first, second] of [
      [true, false],
      [false, true],
      [true, true],
    ] as const)
      expect(await change(context, first, second)).toEqual(ours)
  })
})

const ANSWERING = (target: string) => `request_route {
    ${PROBE}
    t_on_failure("TRUNK");
    $du = "sip:${target}";
    t_relay();
  }
  failure_route[TRUNK] {
    if (t_check_status("401|407") && uac_auth()) t_relay();
  }`

describe.concurrent('a challenge', () => {
  const params = [
    '"uac", "restore_mode", "none"',
    '"uac", "credential", "alice:trunk.example:secret"',
  ]

  test.for(['', ', qop="auth"', ', qop="auth,auth-int"'])(
    'of SIPp%s is answered',
    async (qop, context) => {
      const port = await freePort()
      const node = await serverForTest(
        { config: config(params, ANSWERING(`127.0.0.1:${port}`)) },
        context,
      )
      const keys = { qop }
      await sipp({ scenario: 'challenger', server: node, port, calls: 1, keys, context })
      const caller = await phone(context)
      await send(caller, node, 'INVITE sip:bob@trunk.example', [
        ['From', '<sip:alice@example.org>;tag=1'],
        ['To', '<sip:bob@trunk.example>'],
        ['Call-ID', `sipp${qop.length}`],
      ])
      const end = await caller.expect(/^SIP\/2\.0 [2-6]/)
      expect(end.message.first).toBe('SIP/2.0 486 Right')
    },
  )

  test.for([0, 1])(
    'of Kamailio with flags %i is answered, by the script and by $uac_req',
    async (flags, context) => {
      const challenging = config(
        [],
        `request_route {
        ${PROBE}
        if (!pv_www_authenticate("trunk.example", "secret", "0")) {
          www_challenge("trunk.example", "${flags}"); exit;
        }
        sl_send_reply("200", "Let in");
      }`,
        ['tm', 'sl', 'pv', 'textops', 'auth'],
      )
      const kamailio = await serverForTest({ config: challenging, original: true }, context)
      const routes = `request_route {
        ${PROBE}
        if ($rU == "own") {
          $uac_req(method) = "OPTIONS"; $uac_req(ruri) = "sip:x@${kamailio.address}";
          $uac_req(furi) = "sip:alice@trunk.example"; $uac_req(evroute) = 1;
          $uac_req(auser) = "alice"; $uac_req(apasswd) = "secret";
          uac_req_send(); exit;
        }
        t_on_failure("TRUNK");
        $du = "sip:${kamailio.address}";
        t_relay();
      }
      failure_route[TRUNK] {
        if (t_check_status("401|407") && uac_auth()) t_relay();
      }
      event_route[uac:reply] { xlog("L_ALERT", "code $uac_req(evcode) $rr\\n"); }`
      const modules = [...MODULES, 'xlog']
      const node = await serverForTest({ config: config(params, routes, modules) }, context)
      const caller = await phone(context)
      const headers: [string, string][] = [
        ['From', '<sip:alice@trunk.example>;tag=1'],
        ['To', '<sip:bob@trunk.example>'],
        ['Call-ID', `kamailio${flags}`],
      ]
      await send(caller, node, 'MESSAGE sip:bob@trunk.example', headers)
      const end = await caller.expect(/^SIP\/2\.0 [2-6]/)
      expect(end.message.first).toBe('SIP/2.0 200 Let in')
      await send(caller, node, 'MESSAGE sip:own@trunk.example', headers)
      await node.logged(/code 401 Unauthorized/)
      await node.logged(/code 200 Let in/)
    },
  )
})

test.concurrent('a node registers at Kamailio, renews, and takes it back', async context => {
  const registrar = config(
    ['"registrar", "min_expires", 2'],
    `request_route {
      ${PROBE}
      if (!pv_www_authenticate("reg.example", "secret", "0")) {
        www_challenge("reg.example", "1"); exit;
      }
      save("location");
    }`,
    ['tm', 'sl', 'pv', 'textops', 'auth', 'usrloc', 'registrar', 'ctl'],
  )
  const kamailio = await serverForTest({ config: registrar, original: true }, context)
  const registering = config(
    [
      '"uac", "restore_mode", "none"',
      '"uac", "reg_contact_addr", "127.0.0.1:5099"',
      '"uac", "reg_timer_interval", 1',
      '"uac", "reg_keep_callid", 1',
    ],
    `request_route {
      ${PROBE}
      exit;
    }`,
  )
  const node = await serverForTest({ config: registering }, context)
  const account = ['line1', '4711', 'example.org', 'trunk', 'reg.example', 'reg.example', 'trunk']
  const rest = ['secret', '.', `sip:${kamailio.address}`, '6', '0', '0', '.', '.']
  await node.rpc('uac.reg_add', ...[...account, ...rest].map(quoted))
  await until(async () => (await node.rpc('uac.reg_info', 'l_uuid', 'line1')).includes('flags: 20'))
  const first = await kamailio.rpc('ul.dump')
  expect(first).toContain('Address: sip:line1@127.0.0.1:5099')
  const cseq = (text: string): number => Number(/CSeq: (\d+)/.exec(text)?.[1])
  const callId = (text: string): string | undefined => /Call-ID: (\S+)/.exec(text)?.[1]
  await until(async () => cseq(await kamailio.rpc('ul.dump')) > cseq(first))
  expect(callId(await kamailio.rpc('ul.dump'))).toBe(callId(first))
  await until(async () => (await node.rpc('uac.reg_info', 'l_uuid', 'line1')).includes('flags: 20'))
  await node.rpc('uac.reg_unregister', 'l_uuid', 'line1')
  await until(async () => !(await kamailio.rpc('ul.dump')).includes('line1'))
})

/** kamcmd takes digits for a number. */
const quoted = (word: string, index: number): string =>
  index < 10 || index > 12 ? `s:${word}` : word

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await done()) return
    await pause(150)
  }
  throw new Error('it did not come to that')
}
