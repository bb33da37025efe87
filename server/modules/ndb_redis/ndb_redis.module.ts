/** The surface of ndb_redis: every name that a config can use. */
import {
  BadValue,
  defineModule,
  eachParam,
  fn,
  format,
  intParam,
  keyed,
  optional,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { NdbRedis, redisCommand, redisPipeCommand } from './ndb_redis.ts'
import { KINDS, readPart } from './replies.ts'
import { readServer } from './server.ts'

export const params = {
  server: eachParam({
    doc: 'A server: name=srv1;addr=127.0.0.1;port=6379;db=0.',
    parse: readServer,
  }),
  init_without_redis: intParam({
    default: 0,
    doc: 'Not 0: the node starts though a server does not answer.',
  }),
  connect_timeout: intParam({ default: 1000, min: 1, doc: 'Milliseconds for a connection.' }),
  cmd_timeout: intParam({ default: 1000, min: 1, doc: 'Milliseconds for a reply.' }),
  cluster: intParam({ default: 0, doc: 'Not 0: commands follow the keys within a cluster.' }),
  disable_time: intParam({ default: 0, doc: 'Taken, and without effect.' }),
  allowed_timeouts: intParam({ default: -1, doc: 'Taken, and without effect.' }),
  flush_on_reconnect: intParam({ default: 0, doc: 'Taken, and without effect.' }),
  allow_dynamic_nodes: intParam({
    default: 0,
    doc: 'Not 0: nodes of the cluster that no `server` names are used as well.',
  }),
}

const ARGS = [
  format('srvname'),
  format('command'),
  format('argument_or_result'),
  optional(format('argument_or_result2')),
  optional(format('argument_or_result3')),
  optional(format('result')),
] as const

export default defineModule({
  name: 'ndb_redis',
  doc: 'Commands to Redis servers.',
  needs: {},
  params,
  instance: NdbRedis,
  functions: {
    redis_cmd: fn({
      doc: 'Send a command and wait for its reply.',
      args: ARGS,
      routes: ANY_ROUTE,
      waits: true,
      run: redisCommand,
    }),
    redis_pipe_cmd: fn({
      doc: 'Put a command into the queue of its server.',
      args: ARGS,
      routes: ANY_ROUTE,
      run: redisPipeCommand,
    }),
    redis_execute: fn({
      doc: 'Send what is in the queue of a server and wait for the replies.',
      args: [format('srvname')],
      routes: ANY_ROUTE,
      waits: true,
      run: (self: NdbRedis, _msg, name) => self.execute(name),
    }),
    redis_free: fn({
      doc: 'Forget a reply.',
      args: [format('result')],
      routes: ANY_ROUTE,
      run: (self: NdbRedis, _msg, result) => self.free(result),
    }),
  },
  pvars: {
    redis: keyed({
      doc: 'A part of a reply: $redis(r=>value), type, size, info, value[n], type[n].',
      parse: readPart,
      get: (self: NdbRedis, _msg, part) => self.read(part),
    }),
    redisd: keyed({
      doc: 'The number of a kind of reply: rpl_str, rpl_arr, rpl_int, rpl_nil, rpl_sts, rpl_err.',
      parse: name => {
        const kind = KINDS[name]
        if (kind === undefined)
          throw new BadValue(`${name} is no kind of reply`, Object.keys(KINDS).join(', '))
        return kind
      },
      get: (_self: NdbRedis, _msg, kind) => kind,
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
