// Records the packets that the real Kamailio (acc_radius with radcli) sends about calls into
// radius.json: node test/compat/acc/record-radius.ts
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import { FOLDER, SERVER_PORT, type Step, type Word, MARKED, ANSWERED, REFUSED } from './facts.ts'
import { FakeRadius, type RadiusCall, type RadiusFacts } from './radius.ts'
import { play, script } from './record.ts'

const MODULES = 'kex corex tm tmx sl rr pv textops xlog jsonrpcs acc acc_radius'

const FLAGS = { radius_flag: 1, radius_missed_flag: 2 }

type Values = Record<string, string | number>

const call = (
  name: string,
  radius: Values,
  words: Word[] = [],
  steps = ANSWERED,
  acc: Values = {},
): Omit<RadiusCall, 'packets'> => ({
  name,
  params: { acc: { failed_transaction_flag: 3, ...acc }, acc_radius: { ...FLAGS, ...radius } },
  on: { '*': [...MARKED, ...words, ['t_relay']] },
  steps,
})

const other = (method: string, answer: string): Step[] => [
  { send: method, tag: 'tt1' },
  { answer, method },
]

const calls = [
  call('answered', {}),
  call('refused', {}, [], REFUSED),
  call('hung up', {}, [], other('BYE', '200 OK')),
  call('hung up, refused', {}, [], other('BYE', '481 No')),
  call('a message', {}, [], other('MESSAGE', '200 OK')),
  call('an OPTIONS', {}, [], other('OPTIONS', '200 OK')),
  call('an unknown method', {}, [], other('PUSH', '200 OK')),
  call('an INFO, refused', {}, [], other('INFO', '500 No')),
  call('without a tag', {}, [], [{ send: 'INVITE' }, { answer: '486 Busy Here' }]),
  call(
    'extra values',
    {
      radius_extra: 'User-Name=$fU;Calling-Station-Id=$avp(none);NAS-Port=$avp(n)',
    },
    [['avp', 'n', 7]],
  ),
  call('an extra value that is no number', { radius_extra: 'NAS-Port=$avp(n);User-Name=$fU' }, [
    ['avp', 'n', 'seven'],
  ]),
  call('an address', { radius_extra: 'Framed-IP-Address=$si' }),
  call(
    'legs',
    {},
    [
      ['avp', 's', 'a'],
      ['avp', 'd', 'b'],
      ['avp', 's', 'c'],
    ],
    ANSWERED,
    {
      multi_leg_info: 'Sip-Uri-User=$avp(s);SIP-AVP=$avp(d)',
    },
  ),
  call('service_type', { service_type: 10 }),
  call('a long value', { radius_extra: 'User-Name=$avp(l)' }, [['avp', 'l', 'x'.repeat(300)]]),
  {
    ...call('acc_rad_request', {}, [], [{ send: 'MESSAGE' }]),
    on: {
      '*': [
        ['acc_rad_request', '404 Gone away'],
        ['acc_rad_request', 'no code'],
        ['acc_rad_request', '200'],
      ] as Word[],
    },
  },
  {
    ...call('acc_rad_request of an INVITE', {}, [], [{ send: 'INVITE' }]),
    on: { '*': [['acc_rad_request', '200 OK']] as Word[] },
  },
]

async function record(one: Omit<RadiusCall, 'packets'>): Promise<RadiusCall> {
  const folder = mkdtempSync(join(tmpdir(), 'radius-'))
  const server = await FakeRadius.open()
  const conf = join(folder, 'radiusclient.conf')
  writeFileSync(conf, server.config(folder))
  const { params } = one
  const kamailio = await Kamailio.start({
    head: ['debug=1', `listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: { ...params, acc_radius: { ...params?.acc_radius, radius_config: conf } },
    routes: script(one),
    port: SERVER_PORT,
  })
  try {
    await play(kamailio, one)
    await pause(100)
  } finally {
    await kamailio.stop()
    server.close()
    rmSync(folder, { recursive: true })
  }
  const steps = one.steps.map(({ log: _log, ...step }): Step => step)
  return { ...one, steps, packets: server.packets }
}

const facts: RadiusFacts = { origin: 'Kamailio 5.6.3 (Debian 12) with radcli 1.2.11', calls: [] }
for (const one of calls) facts.calls.push(await record(one))
writeFileSync(join(FOLDER, 'radius.json'), `${JSON.stringify(facts, null, 2)}\n`)
