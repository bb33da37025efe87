// Records the rows that the real Kamailio writes (db_sqlite) about the calls of calls.json, and
// about some more, into rows.json: node test/compat/acc/record-rows.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  type Call,
  type Facts,
  FOLDER,
  SERVER_PORT,
  type Step,
  type Word,
  MARKED,
  ANSWERED,
} from './facts.ts'
import { play, script } from './record.ts'
import { makeTables, readRows, type RowsCall, type RowsFacts } from './rows.ts'

const MODULES = 'db_sqlite kex corex tm tmx sl rr pv textops xlog jsonrpcs acc'

/** What is a log line in calls.json is a row here. */
const RENAMED: Record<string, string> = {
  log_flag: 'db_flag',
  log_missed_flag: 'db_missed_flag',
  log_extra: 'db_extra',
}

function inDatabase(call: Call): Call {
  const acc = Object.entries(call.params?.acc ?? {}).map(([name, value]) => [
    RENAMED[name] ?? name,
    name === 'log_extra' ? 'src=$fU;dst=$rU' : value,
  ])
  const steps = call.steps.map(({ log: _log, ...step }): Step => step)
  return { ...call, params: { ...call.params, acc: Object.fromEntries(acc) }, steps }
}

const FLAGS = { db_flag: 1, db_missed_flag: 2, failed_transaction_flag: 3 }

const answered = (
  name: string,
  acc: Record<string, string | number>,
  words: Word[] = [],
): Call => ({
  name,
  params: { acc: { ...FLAGS, ...acc } },
  on: { '*': [...MARKED, ...words, ['t_relay']] },
  steps: ANSWERED,
})

const EXTRAS = 'agent=$hdr(User-Agent);number=$rm;absent=$avp(none)'

const more: Call[] = [
  answered('values that are not there', { db_extra: EXTRAS }),
  answered('values that are not there, as NULL', { db_extra: EXTRAS, acc_extra_nullable: 1 }),
  answered('a number', { db_extra: 'number=$avp(n)' }, [['avp', 'n', 7]]),
  answered('two legs', { multi_leg_info: 's=$avp(s);d=$avp(d)' }, [
    ['avp', 's', 'a'],
    ['avp', 'd', 'b'],
    ['avp', 's', 'c'],
    ['avp', 'd', 'e'],
  ]),
  answered(
    'legs of different number',
    { multi_leg_info: 's=$avp(s);d=$avp(d)', db_extra: 'src=$fU' },
    [
      ['avp', 's', 'a'],
      ['avp', 's', 'c'],
      ['avp', 'd', 'b'],
    ],
  ),
  answered('names of columns', { acc_method_column: 'src', acc_time_column: 'time' }),
  answered('a table of another name', { db_table_acc: 'others' }),
  answered('a table with a variable in its name', { db_table_acc: '$avp(t)' }, [
    ['avp', 't', 'others'],
  ]),
  answered('db_insert_mode 1', { db_insert_mode: 1 }),
  answered('db_insert_mode 2', { db_insert_mode: 2 }),
  {
    ...answered('acc_db_request', {}),
    on: {
      '*': [
        ['acc_db_request', '404 Gone away', 'others'],
        ['acc_db_request', 'no code', 'others'],
        ['acc_db_request', '200', 'acc'],
      ],
    },
    steps: [{ send: 'MESSAGE' }],
  },
  {
    ...answered('the 200 comes again', {}),
    steps: [...ANSWERED, { answer: '200 OK', tag: 'tt1' }, { answer: '200 OK', tag: 'tt1' }],
  },
  {
    ...answered('a second 200 with another tag', {}),
    steps: [...ANSWERED, { answer: '200 OK', tag: 'tt2' }],
  },
]

async function record(call: Call): Promise<RowsCall> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  const path = join(folder, 'acc.sqlite')
  makeTables(path)
  const acc = { ...call.params?.acc, db_url: `sqlite:///${path}` }
  const kamailio = await Kamailio.start({
    head: ['debug=1', `listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: { ...call.params, acc },
    routes: script(call),
    port: SERVER_PORT,
  })
  try {
    await play(kamailio, call)
    await pause(100)
    const { rest } = kamailio.takeLog()
    for (const line of rest) console.error(`${call.name}: ${line}`)
  } finally {
    await kamailio.stop()
  }
  const steps = call.steps.map(({ log: _log, ...step }): Step => step)
  const rows = readRows(path)
  rmSync(folder, { recursive: true })
  return { ...call, steps, rows }
}

const { calls } = JSON.parse(readFileSync(join(FOLDER, 'calls.json'), 'utf8')) as Facts
// Kamailio's acc_request gives its database no name of a table, and no row is written.
const wanted = calls.filter(({ name }) => !/^our own \d|^acc_request/.test(name)).map(inDatabase)
const facts: RowsFacts = { origin: 'Kamailio 5.6.3 (Debian 12), db_sqlite', calls: [] }
for (const call of [...wanted, ...more]) facts.calls.push(await record(call))
writeFileSync(join(FOLDER, 'rows.json'), `${JSON.stringify(facts, null, 2)}\n`)
