import { double, int, list, maybe, methods, nothing, record, text } from '../schema.ts'

/** `pl.*` - pipes of pipelimit. */
export const pl = methods({
  'pl.stats': {
    doc: 'Print pipelimit statistics (string output): <id> <load> <counter>',
    class: 'read',
    params: [],
    result: list(text()),
  },
  'pl.list': {
    doc: 'List details for one or all pipes',
    class: 'read',
    params: [maybe(text('pipe'))],
    result: list(
      record({
        name: text(),
        algorithm: text(),
        limit: int(),
        counter: int('packets of this interval'),
        last_counter: int('packets of the one before'),
        unused_intervals: int(),
      }),
    ),
  },
  'pl.get_pipes': {
    doc: 'Print pipes info (string output): <id> <algorithm> <limit> <counter>',
    class: 'read',
    params: [],
    result: list(text()),
  },
  'pl.set_pipe': {
    doc: 'Sets a pipe params: <pipe_id> <pipe_algorithm> <pipe_limit>',
    class: 'write',
    params: [text('pipe'), text('algorithm'), int('limit')],
    result: nothing,
  },
  'pl.get_pid': {
    doc: 'Print PID Controller parameters for the FEEDBACK algorithm: <ki> <kp> <kd>',
    class: 'read',
    params: [],
    result: text(),
  },
  'pl.set_pid': {
    doc: 'Sets the PID Controller parameters for the FEEDBACK algorithm: <ki> <kp> <kd>',
    class: 'write',
    params: [double('ki'), double('kp'), double('kd')],
    result: nothing,
  },
  'pl.push_load': {
    doc: 'Force the value of the load parameter for FEEDBACK algorithm: <load>',
    class: 'write',
    params: [double('load, 0 to 1')],
    result: nothing,
  },
})
