/**
 * `ohana.snapshot`: what consoles draw, read from the statistics of the core and of the modules
 * that are there.
 */
import type { snapshot } from '../../../rpc/contract/ohana.ts'
import type { TypeOf } from '../../../rpc/schema.ts'
import type { Counters } from '../counters.ts'
import type { CommandEnvironment } from './environment.ts'

export type Snapshot = TypeOf<typeof snapshot>

/** A statistic that nobody registered counts as 0: its module is not loaded. */
const reader =
  (counters: Counters, group: string) =>
  (name: string): number =>
    counters.find(group, name)?.current() ?? 0

/**
 * Sums a statistic over all tables of the location service: `location_users`, `aliases_users` ...
 */
function overTables(counters: Counters, ending: string): number {
  let sum = 0
  for (const counter of counters.inGroup('usrloc')) {
    if (counter.name.endsWith(ending) && !counter.name.startsWith('registered')) {
      sum += counter.current()
    }
  }
  return sum
}

export function memoryByKind(): Snapshot['memory'] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  return { rss, heap_used: heapUsed, heap_total: heapTotal, external }
}

export function takeSnapshot({ core, facts, loopDelay }: CommandEnvironment): Snapshot {
  const now = core.clock.now()
  const cpu = process.cpuUsage()
  return {
    now: Math.round(now),
    uptime: Math.floor((now - core.startedAt) / 1000),
    ...messages(core.counters),
    ...state(core.counters),
    connections: facts.connections().length,
    memory: memoryByKind(),
    cpu: { user_us: cpu.user, system_us: cpu.system },
    loop: { lag_ms: Math.round(core.timers.lateness * 100) / 100, p99_ms: loopDelay.p99() },
  }
}

function messages(counters: Counters): Pick<Snapshot, 'requests' | 'replies' | 'sent' | 'calls'> {
  const core = reader(counters, 'core')
  const sl = reader(counters, 'sl')
  const tmx = reader(counters, 'tmx')
  const sent = (group: number): number =>
    sl(`${group}xx_replies`) + (group === 1 ? 0 : tmx(`${group}xx_transactions`))
  const failures = [3, 4, 5, 6].map(group => core(`rcv_replies_${group}xx_invite`))
  return {
    requests: {
      received: core('rcv_requests'),
      invite: core('rcv_requests_invite'),
      register: core('rcv_requests_register'),
      bye: core('rcv_requests_bye'),
      options: core('rcv_requests_options'),
      forwarded: core('fwd_requests'),
      dropped: core('drop_requests'),
      errors: core('err_requests'),
    },
    replies: {
      received: core('rcv_replies'),
      forwarded: core('fwd_replies'),
      dropped: core('drop_replies'),
      '1xx': core('rcv_replies_1xx'),
      '2xx': core('rcv_replies_2xx'),
      '3xx': core('rcv_replies_3xx'),
      '4xx': core('rcv_replies_4xx'),
      '5xx': core('rcv_replies_5xx'),
      '6xx': core('rcv_replies_6xx'),
    },
    sent: {
      '1xx': sent(1),
      '2xx': sent(2),
      '3xx': sent(3),
      '4xx': sent(4),
      '5xx': sent(5),
      '6xx': sent(6),
    },
    calls: {
      attempted: core('rcv_requests_invite'),
      answered: core('rcv_replies_2xx_invite'),
      failed: failures.reduce((sum, count) => sum + count, 0),
    },
  }
}

function state(counters: Counters): Pick<Snapshot, 'transactions' | 'registrations'> {
  const tmx = reader(counters, 'tmx')
  const registrar = reader(counters, 'registrar')
  return {
    transactions: {
      active: tmx('active_transactions'),
      total: tmx('UAS_transactions') + tmx('UAC_transactions'),
      '2xx': tmx('2xx_transactions'),
      failed: tmx('4xx_transactions') + tmx('5xx_transactions') + tmx('6xx_transactions'),
    },
    registrations: {
      users: overTables(counters, '_users'),
      contacts: overTables(counters, '_contacts'),
      accepted: registrar('accepted_regs'),
      rejected: registrar('rejected_regs'),
      expired: overTables(counters, '_expires'),
    },
  }
}
