import { double, int, methods, nothing, several, text } from '../schema.ts'

/** `rl.*` - pipes and queues of ratelimit. */
export const rl = methods({
  'rl.stats': {
    doc: 'Print ratelimit statistics: PIPE[<pipe_id>]: <counter>/<limit> (drop rate: <rate>)',
    class: 'read',
    params: [],
    result: several(text()),
  },
  'rl.get_pipes': {
    doc: 'Print pipes info: PIPE[<pipe_id>]: <algo_id>:<algorithm> <counter>/<limit> [<now>]',
    class: 'read',
    params: [],
    result: several(text()),
  },
  'rl.set_pipe': {
    doc: 'Sets a pipe params: <pipe_id> <pipe_algorithm> <pipe_limit>',
    class: 'write',
    params: [int('pipe'), text('algorithm'), int('limit')],
    result: nothing,
  },
  'rl.get_queues': {
    doc: 'Print queues info: QUEUE[queue_id]: <pipe_id>:<queue_method>',
    class: 'read',
    params: [],
    result: several(text()),
  },
  'rl.set_queue': {
    doc: 'Sets queue params: <quue_id> <queue_method> <pipe_id>',
    class: 'write',
    params: [int('queue'), text('method'), int('pipe')],
    result: nothing,
  },
  'rl.get_pid': {
    doc: 'Print PID Controller parameters for the FEEDBACK algorithm: <ki> <kp> <kd>',
    class: 'read',
    params: [],
    result: text(),
  },
  'rl.set_pid': {
    doc: 'Sets the PID Controller parameters for the FEEDBACK algorithm: <ki> <kp> <kd>',
    class: 'write',
    params: [double('ki'), double('kp'), double('kd')],
    result: nothing,
  },
  'rl.push_load': {
    doc: 'Force the value of the load parameter for FEEDBACK algorithm: <load>',
    class: 'write',
    params: [double('load, 0 to 1')],
    result: nothing,
  },
  'rl.set_dbg': {
    doc: 'Sets the ratelimit debug/monitoing logs: 0-off 1-on',
    class: 'write',
    params: [int('0 or 1')],
    result: nothing,
  },
})
