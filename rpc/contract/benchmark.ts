import { double, int, methods, nothing, record, several, text } from '../schema.ts'

const bad = [[500, 'Invalid Parameters']] as const

const timer = record({
  name: text(),
  state: text('enabled or disabled'),
  id: int(),
  granularity: int(),
  period_sum: text(),
  period_min: text(),
  period_max: text(),
  period_media: double(),
  calls: text(),
  sum: text(),
  global_min: text(),
  global_max: text(),
  global_media: double(),
})

/** `benchmark.*` - how long parts of the script take, in microseconds. */
export const benchmark = methods({
  'benchmark.enable_global': {
    doc: 'Enable/disable benchmarking',
    class: 'write',
    params: [int('mode')],
    badParams: bad,
    result: nothing,
  },
  'benchmark.enable_timer': {
    doc: 'Enable/disable a benchmark timer',
    class: 'write',
    params: [text('timer'), int('mode')],
    badParams: bad,
    result: nothing,
  },
  'benchmark.granularity': {
    doc: 'Set benchmarking granularity',
    class: 'write',
    params: [int('calls')],
    badParams: bad,
    result: nothing,
  },
  'benchmark.loglevel': {
    doc: 'Set benchmarking log level',
    class: 'write',
    params: [int('level')],
    badParams: bad,
    result: nothing,
  },
  'benchmark.timer_list': {
    doc: 'List all timers',
    class: 'read',
    params: [],
    result: several(timer),
  },
  'benchmark.timer_name_list': {
    doc: 'List a timer based on its name',
    class: 'read',
    params: [text('timer')],
    badParams: [[400, 'Invalid timer name']],
    result: timer,
  },
})
