import { describe, expect, test } from 'vitest'
import {
  answerText,
  CALLEE_PORT,
  CALLER_PORT,
  requestText,
  type Word,
} from '../../../../compat/acc/facts.ts'
import { AccWorld } from './acc-world.ts'

const FLAGS = { log_flag: 1, log_missed_flag: 2, failed_transaction_flag: 3 }
const RELAY: Word[] = [['setflag', 1], ['setflag', 2], ['setflag', 3], ['t_relay']]

async function started(
  acc: Record<string, string | number>,
  words = RELAY,
  onFailure: Word[] = [],
) {
  const world = new AccWorld({
    params: { acc: { ...FLAGS, ...acc } },
    on: { '*': words },
    onFailure,
  })
  await world.start()
  return world
}

/** The callee answers the INVITE that it got. */
function answer(world: AccWorld, line: string): void {
  const invite = world.sent.find(({ port }) => port === CALLEE_PORT)!
  world.receive(answerText(invite.text, { answer: line, tag: 'tt1' }), CALLEE_PORT)
}

describe('acc', () => {
  test.for([
    ['a facility that does not exist', { log_facility: 'LOG_X' }, /log_facility: LOG_X/],
    ['call data records without dialogs', { cdr_enable: 1 }, /can't load dialog API/],
    ['an extra value that is no variable', { log_extra: 'a=b' }, /log_extra has "a=b"/],
    ['an extra value without a name', { log_extra: '=$fU' }, /log_extra has "=\$fU"/],
    ['too many extra values', { log_extra: 'a=$fU;b=$fU', acc_extra_size: 1 }, /2 values/],
    ['a leg value that is no avp', { multi_leg_info: 'a=$fU' }, /multi_leg_info has \$fU/],
    ['a filter of no failures', { failed_filter: '404,200' }, /failed_filter has "200"/],
    ['directions without From tags', { detect_direction: 1 }, /detect_direction needs/],
  ] as const)('refuses %s', ([, acc, sentence]) => {
    const rr = { append_fromtag: 0 }
    expect(() => new AccWorld({ params: { acc: { ...acc }, rr }, on: {} })).toThrow(sentence)
  })

  test('lines go to the facility that they are given', async () => {
    const world = await started({ log_facility: 'LOG_LOCAL5' })
    world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
    answer(world, '200 OK')
    expect(world.core.log.tail(1)[0]!.facility).toBe('LOG_LOCAL5')
  })

  test('does not even look at a value when nobody reads the level', async () => {
    const world = await started({ log_extra: 'x=$nosuchvariable' })
    world.core.log.threshold = -1
    world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
    answer(world, '200 OK')
    expect(world.log).toEqual([])
    expect(world.sent.at(-1)!.text).toMatch(/^SIP\/2\.0 200 OK/)
  })

  test('counts a call as missed once when the failure route answers', async () => {
    const words: Word[] = [['t_on_failure', 'F'], ...RELAY]
    const world = await started({}, words, [['t_reply', '503', 'No more']])
    world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
    answer(world, '486 Busy')
    const told = world.log.map(line => line.replace(/timestamp.*;code=/, ''))
    expect(told).toEqual([
      'NOTICE: ACC: call missed: 486;reason=Busy',
      'NOTICE: ACC: transaction answered: 503;reason=Service Unavailable',
    ])
    expect(world.log[1]).not.toContain('to_tag=;')
  })

  test('leaves the request as it was', async () => {
    const words: Word[] = [
      ...RELAY.slice(0, 3),
      ['append_branch', `sip:c@127.0.0.1:${CALLEE_PORT}`],
      ['t_relay'],
    ]
    const world = await started({ log_extra: 'u=$rU' }, words)
    world.receive(requestText({ send: 'INVITE' }), CALLER_PORT)
    const [first, second] = world.sent.filter(({ port }) => port === CALLEE_PORT)
    world.receive(answerText(second!.text, { answer: '486 Busy', tag: 'a' }), CALLEE_PORT)
    world.receive(answerText(first!.text, { answer: '200 OK', tag: 'b' }), CALLEE_PORT)
    expect(world.log.map(line => line.split(';').at(-1))).toEqual(['u=bob'])
  })

  test('fails where a database is asked for and there is none', async () => {
    const world = await started({}, [['acc_db_request', 'x', 'acc']])
    world.receive(requestText({ send: 'MESSAGE' }), CALLER_PORT)
    expect(world.log).toEqual([
      'ERROR: acc_db_request: there is no database to account in (db_url)',
    ])
  })
})
