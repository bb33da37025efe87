// Records the texts that the real Kamailio (acc_json with mqueue) makes of calls into json.json:
// node test/compat/acc/record-json.ts
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  CALLER_PORT,
  FOLDER,
  requestText,
  SERVER_PORT,
  type Step,
  type Word,
  MARKED,
  ANSWERED,
  REFUSED,
} from './facts.ts'
import { type JsonCall, type JsonFacts, maskJson } from './json.ts'
import { play, script } from './record.ts'

const MODULES = 'kex corex tm tmx sl rr pv textops xlog jsonrpcs mqueue acc acc_json'

const FLAGS = { acc_flag: 1, acc_missed_flag: 2, acc_output_mqueue: 'q' }

type Values = Record<string, string | number>

const call = (
  name: string,
  json: Values,
  words: Word[] = [],
  steps = ANSWERED,
  acc: Values = {},
): Omit<JsonCall, 'events'> => ({
  name,
  params: {
    mqueue: { mqueue: 'name=q' },
    acc: { failed_transaction_flag: 3, ...acc },
    acc_json: { ...FLAGS, ...json },
  },
  on: { '*': [...MARKED, ...words, ['t_relay']] },
  steps,
})

const EXTRA = 'src=$fU;number=$avp(n);absent=$avp(none);method=$rm'

const calls = [
  call('answered', {}),
  call('refused', {}, [], REFUSED),
  call('a message', {}, [], [{ send: 'MESSAGE' }, { answer: '200 OK', method: 'MESSAGE' }]),
  call('without a tag', {}, [], [{ send: 'INVITE' }, { answer: '486 Busy Here' }]),
  call('extra values', { acc_extra: EXTRA }, [['avp', 'n', 7]]),
  call('a text that is JSON', { acc_extra: 'a=$avp(a)' }, [['avp', 'a', '{"b":2}']]),
  call(
    'a text that is JSON, by its prefix',
    { acc_extra: 'json_a=$avp(a);b=$avp(a)', acc_pre_encoded_prefix: 'json_' },
    [['avp', 'a', '{"b": [2, 1.50, "x"]}']],
  ),
  call(
    'a text that is none, by its prefix',
    { acc_extra: 'json_a=$avp(a)', acc_pre_encoded_prefix: 'json_' },
    [['avp', 'a', '{"b']],
  ),
  call('quotes and controls', { acc_extra: 'a=$avp(a);b=$avp(b)' }, [
    ['avp', 'a', 'a "b" \\ / c'],
    ['avp', 'b', 'tab\there'],
  ]),
  call('bytes of UTF-8', { acc_extra: 'a=$avp(a)' }, [['avp', 'a', 'Gr\u00c3\u00bc\u00c3\u009fe']]),
  call('bytes of no UTF-8', { acc_extra: 'a=$avp(a);b=$fU' }, [['avp', 'a', 'Gr\u00fc']]),
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
      multi_leg_info: 's=$avp(s);d=$avp(d)',
    },
  ),
  ...[1, 2, 3, 4].map(mode => call(`acc_time_mode ${mode}`, { acc_time_mode: mode })),
  call('acc_time_mode 3 with a format', { acc_time_mode: 3, acc_time_format: '%Y/%m' }),
  call('time_mode of acc', {}, [], ANSWERED, { time_mode: 2 }),
  call('an extra value of a name that is taken', { acc_extra: 'method=$fU' }),
]

async function record(one: Omit<JsonCall, 'events'>): Promise<JsonCall> {
  const fetching =
    'if (is_method("OPTIONS")) { while (mq_fetch("q")) ' +
    'xlog("L_ERR", "@@$mqk(q) $mqv(q)\\n"); exit; }'
  const kamailio = await Kamailio.start({
    head: ['debug=1', `listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: one.params ?? {},
    routes: script(one).replace('request_route {', `request_route { ${fetching}`),
    port: SERVER_PORT,
  })
  try {
    await play(kamailio, one)
    kamailio.takeLog()
    await kamailio.send(CALLER_PORT, requestText({ send: 'OPTIONS' }), 100)
    const events = kamailio.takeLog().marks.map(maskJson)
    const steps = one.steps.map(({ log: _log, ...step }): Step => step)
    return { ...one, steps, events }
  } finally {
    await kamailio.stop()
  }
}

const facts: JsonFacts = { origin: 'Kamailio 5.6.3 (Debian 12)', calls: [] }
for (const one of calls) facts.calls.push(await record(one))
writeFileSync(join(FOLDER, 'json.json'), `${JSON.stringify(facts, null, 2)}\n`)
