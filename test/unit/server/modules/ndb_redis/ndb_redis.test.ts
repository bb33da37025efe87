// ndb_redis with a server of Redis: commands of the script, their replies, and servers that are not
// there.
import { expect, onTestFinished, test } from 'vitest'
import { wordsOf } from '../../../../../server/modules/ndb_redis/command.ts'
import { readServer } from '../../../../../server/modules/ndb_redis/server.ts'
import { Bench } from '../../../../kit/bench.ts'
import { freePort } from '../../../../kit/ports.ts'
import { RedisServer } from '../../../../kit/redis.ts'
import { until } from '../../../../kit/until.ts'

const REQUEST = `OPTIONS sip:b@example.org SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx
From: <sip:a@example.org>;tag=f
To: <sip:b@example.org>
Call-ID: call
CSeq: 1 OPTIONS
Content-Length: 0

`.replaceAll('\n', '\r\n')

async function script(port: number, body: string, params = ''): Promise<string[]> {
  const bench = await Bench.start(`debug=1
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "ndb_redis.so"
modparam("ndb_redis", "server", "name=s;addr=127.0.0.1;port=${port};db=2")
${params}
request_route { ${body} }
`)
  onTestFinished(() => bench.host.stop())
  bench.receive(REQUEST)
  await until(() => bench.core.routes.waiting === 0)
  return bench.lines
    .filter(line => line.text.includes('@@'))
    .map(line => line.text.split('@@')[1]!.trim())
}

const show = (format: string): string => `xlog("L_ALERT", "@@${format}\\n");`

test('commands and the kinds of replies', async () => {
  const server = await RedisServer.start()
  onTestFinished(() => server.stop())
  const lines = await script(
    server.port,
    `
    redis_cmd("s", "SET %s %s", "k 1", "v %", "r"); ${show('$redis(r=>type) $redis(r=>value)')}
    redis_cmd("s", "GET %s", "k 1", "r"); ${show('$redis(r=>type) $redis(r=>value)')}
    redis_cmd("s", "GET none", "r"); ${show('$redis(r=>type) $redis(r=>value)')}
    redis_cmd("s", "INCR n", "r"); ${show('$redis(r=>type) $redis(r=>value)')}
    redis_cmd("s", "RPUSH l a b", "x"); redis_cmd("s", "LRANGE l 0 -1", "r");
    ${show('$redis(r=>type) $redis(r=>size) $redis(r=>value[1])')}
    ${show('$redis(r=>type[0]) $redis(r=>value[7])')}
    redis_cmd("s", "INCR l", "r"); ${show('$redis(r=>type) $redis(r=>info)')}
    redis_free("r"); ${show('$redis(r=>type)')}
    redis_pipe_cmd("s", "SET p 1", "p1"); redis_pipe_cmd("s", "INCR p", "p2");
    redis_execute("s"); ${show('$redis(p1=>value) $redis(p2=>value)')}
    ${show('$redisd(rpl_str) $redisd(rpl_arr) $redisd(rpl_int)')}
    ${show('$redisd(rpl_nil) $redisd(rpl_sts) $redisd(rpl_err)')}
  `,
  )
  expect(lines).toEqual([
    '5 OK',
    '1 v %',
    '4 <null>',
    '3 1',
    '2 2 b',
    '1 <null>',
    '6 WRONGTYPE Operation against a key holding the wrong kind of value',
    '<null>',
    'OK 2',
    '1 2 3',
    '4 5 6',
  ])
  await server.client.select(2)
  expect(await server.client.get('k 1')).toBe('v %')
})

test('a server that is not there: the start fails, or the command', async () => {
  const port = await freePort()
  await expect(script(port, ';')).rejects.toThrow('failed to initialize redis connections')
  const without = 'modparam("ndb_redis", "init_without_redis", 1)'
  const ask = (name: string): string => `redis_cmd("${name}", "GET a", "r"); ${show('$rc')}`
  const body = ask('s') + ask('t')
  const lines = await script(port, body, without)
  expect(lines.filter(line => line !== '-1')).toEqual([])
})

test('words of a command', () => {
  expect(wordsOf('HSET %s f %s%%', ['a b', 'c'])).toEqual(['HSET', 'a b', 'f', 'c%'])
  expect(wordsOf('GET %s', [])).toBeNull()
  expect(wordsOf('', [])).toBeNull()
})

test('a server as the parameter writes it', () => {
  expect(readServer('name=a;unix=/run/r.sock;pass=p;db=3')).toMatchObject({
    name: 'a',
    unix: '/run/r.sock',
    password: 'p',
    db: 3,
  })
  for (const wrong of ['addr=1.2.3.4', 'name=a;port=x', 'name=a;colour=red', 'name=a;db'])
    expect(() => readServer(wrong)).toThrow(/the server has no name|is no (number|part)/)
})

test('lists in lists', async () => {
  const server = await RedisServer.start()
  onTestFinished(() => server.stop())
  const lines = await script(
    server.port,
    `
    redis_cmd("s", "EVAL %s 0", "return {{'a',7},'b'}", "r");
    ${show('$redis(r=>size) $redis(r=>value[0]=>size) $redis(r=>value[0]=>value[1])')}
    ${show('$redis(r=>value[0]=>type[1]) $redis(r=>value[1]) $redis(r=>value[0]=>value[9])')}
    `,
  )
  expect(lines).toEqual(['2 2 7', '3 b <null>'])
})

test('a server that sentinels know', () => {
  expect(
    readServer('name=z;sentinel_group=g;sentinel_master=0;sentinel=1.2.3.4:26380;sentinel=h'),
  ).toMatchObject({
    group: 'g',
    master: false,
    sentinels: [
      { host: '1.2.3.4', port: 26380 },
      { host: 'h', port: 26379 },
    ],
  })
  expect(() => readServer('name=z;sentinel_group=g')).toThrow('belong together')
})
