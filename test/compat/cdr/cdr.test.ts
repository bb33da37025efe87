// Call data records of the calls that were told to the real Kamailio as well.
import { readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Call, Outcome, Setup, Told } from '../dialog/facts.ts'
import { People } from '../dialog/people.ts'
import { Replay } from '../dialog/replay.ts'
import { makeDatabase, rowsOf } from './database.ts'
import { JSON_RECORDS, RECORDS, ROUTES } from './records.ts'

/**
 * The lines of acc about a call, without the times. Which of two that are written with the same
 * reply comes first does not count.
 */
const linesOf = (told: readonly Outcome[]): string[] =>
  told
    .flatMap(({ log = [] }) => log.toSorted())
    .filter(line => / ?\w+=\d+\.\d{3}; |^ACC: /.test(line))
    .map(line => line.replaceAll(/=\d+\.\d{3}(?=;|$)/g, '=TIME').replace(/stamp=\d+/, 'stamp=TIME'))

async function tell(setup: Setup, calls: readonly Call[] = setup.calls) {
  const database = makeDatabase(setup)!
  onTestFinished(() => rmSync(dirname(database), { recursive: true }))
  const replay = await Replay.start(setup, database)
  const told: Told = {}
  for (const call of calls) told[call.name] = await replay.tell(call)
  await replay.delivered()
  await replay.stop()
  return { told, rows: rowsOf(database) as Record<string, Record<string, unknown>[]> }
}

/** In Kamailio 5.6.3 these have none: "message is empty!". */
const LOST = ['over', 'ended by RPC']

describe.for(RECORDS)('$name', setup => {
  const path = resolve(import.meta.dirname, `${setup.name}.json`)
  const { rows: known, ...recorded } = JSON.parse(readFileSync(path, 'utf8')) as Told
  const lost = setup.params.acc!.cdr_expired_dlg_enable === 1 ? [] : LOST

  test('has the records that Kamailio has', async () => {
    const calls = setup.calls.filter(({ name }) => !lost.includes(name))
    const { told, rows } = await tell(setup, calls)
    for (const { name } of calls)
      expect.soft(linesOf(told[name]!), name).toEqual(linesOf(recorded[name]!))
    // An empty value is NULL in Kamailio's db_sqlite alone.
    const plain = JSON.stringify(rows).replaceAll('""', 'null')
    expect(JSON.parse(plain)).toEqual(known![0]!.reply)
  })
})

describe.for(JSON_RECORDS)('$name', setup => {
  const path = resolve(import.meta.dirname, `${setup.name}.json`)
  const known = JSON.parse(readFileSync(path, 'utf8')) as Told
  const recordsOf = (told: readonly Outcome[]): string[] => [
    ...linesOf(told),
    ...told
      .flatMap(({ log = [] }) => log)
      .filter(line => line.startsWith('cdr: '))
      .map(line => line.replaceAll(/"\d+\.\d{3}"/g, '"TIME"')),
  ]

  test('has the texts that Kamailio has', async () => {
    const replay = await Replay.start(setup)
    const told: Told = {}
    // In Kamailio's texts of these the extra values are empty.
    const calls = setup.calls.filter(({ name }) => !LOST.includes(name))
    for (const call of calls) told[call.name] = await replay.tell(call)
    await replay.stop()
    for (const { name } of calls)
      expect.soft(recordsOf(told[name]!), name).toEqual(recordsOf(known[name]!))
  })
})

describe('what Kamailio loses or does not do', () => {
  const [plain, extras] = RECORDS as [Setup, Setup]
  const answered = ['alice INVITE', 'bob 200', 'alice ACK']
  const with_ = (setup: Setup, acc = {}, dialog = {}): Setup => ({
    ...setup,
    params: {
      dialog: { ...setup.params.dialog, ...dialog },
      acc: { ...setup.params.acc, ...acc },
    },
  })
  const recordsOf = async (setup: Setup, ...steps: string[]) => {
    const { told, rows } = await tell(setup, [{ name: 'one', steps }])
    const at = told.one!.flatMap(({ step, ...one }) =>
      linesOf([{ step, ...one }])[0] ? [step] : [],
    )
    return { at, rows: rows.acc_cdrs!, lines: linesOf(told.one!) }
  }

  test('a call that the server ends has a record, with what is known of it', async () => {
    const steps = [...answered, 'rpc dlg.terminate_dlg one a1 b1', 'alice 200 BYE', 'bob 200 BYE']
    const { at, rows, lines } = await recordsOf(extras, ...steps)
    expect(at).toEqual(['alice 200 BYE'])
    expect(lines[0]).toMatch(/who=alice; src=alice; agent=; code=; callid=one$/)
    expect(rows).toEqual([expect.objectContaining({ who: 'alice' })])
  })

  test('one whose BYEs nobody answers has one as well', async () => {
    const { rows } = await recordsOf(
      extras,
      ...answered,
      'rpc dlg.terminate_dlg one a1 b1',
      'wait 40',
    )
    expect(rows).toHaveLength(1)
  })

  test('so has one whose BYE gets no answer from the other side', async () => {
    const { rows } = await recordsOf(extras, ...answered, 'alice BYE', 'wait 40')
    expect(rows).toHaveLength(1)
  })

  test.for([
    [0, 0],
    [1, 1],
  ])('cdr_expired_dlg_enable %i: an expired dialog has %i', async ([enabled, records]) => {
    const setup = with_(extras, { cdr_expired_dlg_enable: enabled }, { send_bye: 0 })
    const steps = ['alice INVITE | X-Long: 3', 'bob 200', 'alice ACK', 'wait 6']
    expect((await recordsOf(setup, ...steps)).rows).toHaveLength(records!)
  })

  test('the row is in the spool before the answer to the BYE leaves', async () => {
    const database = makeDatabase(extras)!
    onTestFinished(() => rmSync(dirname(database), { recursive: true }))
    const locked = new DatabaseSync(database)
    locked.exec('DROP TABLE acc_cdrs')
    locked.close()
    const replay = await Replay.start(extras, database)
    const { sent, core } = replay.bench
    const story: string[] = []
    const push = sent.push.bind(sent)
    sent.push = (...messages) => {
      // As all transports do.
      core.network.beforeLeaving!()
      for (const { text } of messages)
        story.push(`${text.slice(0, 7)} ${core.spools.status()[0]!.pending}`)
      return push(...messages)
    }
    await replay.tell({ name: 'one', steps: [...answered, 'bob BYE', 'alice 200 BYE'] })
    await replay.stop()
    expect(story.slice(-2)).toEqual(['BYE sip 0', 'SIP/2.0 1'])
  })

  test('a call whose record could not be kept is refused, one under way goes on', async () => {
    const database = makeDatabase(extras)!
    onTestFinished(() => rmSync(dirname(database), { recursive: true }))
    const locked = new DatabaseSync(database)
    locked.exec('DROP TABLE acc_cdrs')
    locked.close()
    // A MiB is full after some records with long values.
    const replay = await Replay.start({ ...extras, routes: `spool_max=1\n${ROUTES}` }, database)
    const people = new People('one')
    await replay.tell({ name: 'one', steps: answered }, people)
    const long = `alice BYE | User-Agent: ${'x'.repeat(60_000)}`
    for (let call = 0; call < 19; call++)
      await replay.tell({ name: `long${call}`, steps: [...answered, long, 'bob 200 BYE'] })
    await expect.poll(() => replay.bench.core.spools.status()[0]!.state).toBe('limit')
    const [refused] = await replay.tell({ name: 'two', steps: ['alice INVITE'] })
    const [, ended] = await replay.tell(
      { name: 'one', steps: ['alice BYE', 'bob 200 BYE'] },
      people,
    )
    await replay.stop()
    expect(refused!.heard!.join()).toMatch(/^alice hears SIP\/2.0 503 .*Retry-After: 10/s)
    expect(ended!.heard!.join()).toMatch(/^alice hears SIP\/2.0 200/)
  })

  test('scripts find the times in variables of the dialog', async () => {
    const database = makeDatabase(plain)!
    onTestFinished(() => rmSync(dirname(database), { recursive: true }))
    const replay = await Replay.start(plain, database)
    const told = await replay.tell({ name: 'one', steps: [...answered, 'rpc dlg.list'] })
    await replay.stop()
    const [dialog] = (told.at(-1)!.reply as { result: { variables: object[] }[] }).result
    expect(dialog!.variables).toContainEqual({ start_time: expect.stringMatching(/^\d+\.\d{3}$/) })
  })

  test.for([
    ['cdr_facility', 'nonsense', 'no syslog facility'],
    ['cdr_end_id', '', 'necessary cdr_parameters are empty'],
    ['cdr_extra', 'who', 'name=$variable'],
  ] as const)('%s %s is refused', async ([name, value, why]) => {
    await expect(Replay.start(with_(plain, { [name]: value, db_url: '' }))).rejects.toThrow(why)
  })
})
