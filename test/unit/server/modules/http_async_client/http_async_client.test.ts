// http_async_client: what a request is like, what its route is told, and what becomes of the
// message meanwhile.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Bench } from '../../../../kit/bench.ts'
import { request } from '../tm/proxy-for-test.ts'

let web: Server
let url = ''
let bench: Bench | null = null

beforeAll(async () => {
  web = createServer((asked, out) => {
    if (asked.url === '/silent') return
    let body = ''
    asked.setEncoding('latin1').on('data', (chunk: string) => (body += chunk))
    asked.on('end', () => {
      const told = String(asked.headers['x-told'] ?? '-')
      if (asked.headers.authorization === undefined && asked.url === '/login')
        out.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end()
      else if (asked.url === '/missing') out.writeHead(404, { 'X-Many': ['a', 'b'] }).end('no\n')
      else if (asked.url === '/moved') out.writeHead(302, { Location: '/there' }).end('moved')
      else out.end(`${asked.method} ${asked.url} ${told} ${body}`)
    })
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
})
afterAll(() => {
  web.closeAllConnections()
  web.close()
})
afterEach(async () => {
  await bench?.host.stop()
  bench = null
})

const MODULES = ['tm', 'tmx', 'sl', 'pv', 'xlog', 'textops', 'kex', 'http_async_client']
const TOLD = 'xlog("$rm ok $http_ok $http_err rs $http_rs $http_rr rb $http_rb\\n");'

async function node(statements: string, route = TOLD, params = ''): Promise<Bench> {
  bench = await Bench.start(
    `${MODULES.map(name => `loadmodule "${name}.so"\n`).join('')}${params}
request_route { ${statements} }
route[THEN] { ${route} xlog("end\\n"); }
route[AGAIN] { xlog("again $http_rb\\n"); }
`,
  )
  return bench
}

const scriptLines = (own: Bench): string[] =>
  own.lines.filter(({ source }) => source === '<script>').map(({ text }) => said(text))
const said = (text: string): string => text.replace('<script>: ', '').trimEnd()

/** What the script logs for one message, up to the end of its route. */
async function told(statements: string, route?: string, params?: string): Promise<string[]> {
  const own = await node(statements, route, params)
  own.receive(request('OPTIONS', 'bob'))
  while (!scriptLines(own).some(text => text === 'end' || text.startsWith('again')))
    await new Promise(later => setTimeout(later, 2))
  return scriptLines(own).filter(text => text !== 'end')
}

const ask = (path: string): string => `http_async_query("${url}${path}", "THEN");`

describe('without a transaction', () => {
  test('the script goes on, and the route runs about nothing', async () => {
    expect(await told(`${ask('/x?u=$rU')} xlog("rc $rc\\n");`)).toEqual([
      'rc 1',
      'OPTIONS ok 1 <null> rs 200 OK rb GET /x?u=bob -',
    ])
  })

  test.for<[string, string]>([
    ['$http_req(body) = "b";', 'POST /x - b'],
    ['$http_req(method) = "PUT"; $http_req(body) = "b";', 'PUT /x - b'],
    ['$http_req(method) = "delete";', 'DELETE /x -'],
    ['$http_req(hdr) = "X-Told: 1";', 'GET /x 1'],
    ['$http_req(hdr) = "X-Told: 1"; $http_req(hdr) = "X-Told: 2";', 'GET /x 1, 2'],
    ['$http_req(hdr) = "X-Told: 1"; $http_req(hdr) = $null;', 'GET /x -'],
    ['$http_req(body) = "b"; $http_req(all) = $null;', 'GET /x -'],
    ['$http_req(method) = "PATCH";', 'GET /x -'],
  ])('%s', async ([settings, answer]) => {
    const lines = await told(`${settings} ${ask('/x')}`, 'xlog("$http_rb\\n");')
    expect(lines).toEqual([answer])
  })

  test('settings are for one request', async () => {
    const twice = `$http_req(hdr) = "X-Told: 1"; ${ask('/one')} ${ask('/two')}`
    const own = await node(twice, 'xlog("$http_rb\\n");')
    own.receive(request('OPTIONS', 'bob'))
    while (scriptLines(own).length < 4) await new Promise(later => setTimeout(later, 2))
    const lines = scriptLines(own).filter(text => text !== 'end')
    expect(lines.toSorted()).toEqual(['GET /one 1', 'GET /two -'])
  })

  test('the route can tell of all of the answer', async () => {
    const route =
      'xlog("$http_rs $http_rr $http_bs $http_hdr(x-many) $(http_hdr(X-Many)[1]) ' +
      '$(http_hdr(X-Many)[*]) $http_hdr(Nope)\\n"); ' +
      'if ($http_ml > $http_bs && $http_mb =~ "^HTTP/1.1 404 Not Found") xlog("whole\\n"); ' +
      'if ($http_time(total) =~ "^[0-9]+\\.[0-9]{6}$") xlog("time\\n");'
    expect(await told(ask('/missing'), route)).toEqual([
      '404 Not Found 3 a b a,b <null>',
      'whole',
      'time',
    ])
  })

  test('a request has a number', async () => {
    const lines = await told(`${ask('/')} xlog("$http_req_id\\n");`, 'xlog("$http_req_id\\n");')
    expect(lines[0]).toMatch(/^\d+-1$/)
    expect(lines[1]).toBe(lines[0])
  })

  test('it is told what failed', async () => {
    const lines = await told('http_async_query("http://127.0.0.1:1/", "THEN");')
    expect(lines).toEqual(["OPTIONS ok 0 Couldn't connect to server rs <null> <null> rb <null>"])
  })

  test('its time is bounded', async () => {
    const lines = await told(`$http_req(timeout) = 30; ${ask('/silent')}`, 'xlog("$http_err\\n");')
    expect(lines).toEqual(['Timeout was reached'])
    const counted = bench!.core.counters.inGroup('http_async_client')
    expect(Object.fromEntries(counted.map(({ name, value }) => [name, value]))).toEqual({
      requests: 1,
      replies: 0,
      errors: 1,
      timeouts: 1,
    })
  })

  test('it logs in when it is asked to', async () => {
    const login = '$http_req(username) = "ann"; $http_req(password) = "x";'
    const lines = await told(`${login} ${ask('/login')}`, 'xlog("$http_rs $http_rb\\n");')
    expect(lines).toEqual(['200 GET /login -'])
    expect(await told(ask('/login'), 'xlog("$http_rs\\n");')).toEqual(['401'])
  })

  test('it follows redirects when it is to', async () => {
    const show = 'xlog("$http_rs $http_rb\\n");'
    const params = 'modparam("http_async_client", "curl_follow_redirect", 1)\n'
    expect(await told(ask('/moved'), show)).toEqual(['302 moved'])
    expect(await told(ask('/moved'), show, params)).toEqual(['200 GET /there -'])
  })
})

describe('with a transaction', () => {
  test('the request is set aside and goes on in the route', async () => {
    const route = `${TOLD} t_reply("480", "Gone");`
    const lines = await told(`t_newtran(); ${ask('/x')} xlog("not reached\\n");`, route)
    expect(lines).toEqual(['OPTIONS ok 1 <null> rs 200 OK rb GET /x -'])
    expect(bench!.sent.at(-1)!.text).toMatch(/^SIP\/2.0 480 Gone/)
  })

  test('it may ask again from there', async () => {
    const again = `http_async_query("${url}/two", "AGAIN");`
    expect(await told(`t_newtran(); ${ask('/one')}`, `xlog("$http_rb\\n"); ${again}`)).toEqual([
      'GET /one -',
      'again GET /two -',
    ])
  })

  test('it is not set aside with suspend 0', async () => {
    const statements = `t_newtran(); $http_req(suspend) = 0; ${ask('/x')} xlog("goes on $rc\\n");`
    expect(await told(statements, 'xlog("$rU $http_rs\\n");')).toEqual(['goes on 1', 'you 200'])
  })
})

describe('is refused', () => {
  test.for([
    ['http_async_query("http://h/", "NOPE");', 'route block not found: NOPE'],
    ['http_async_query("", "THEN");', 'invalid url parameter'],
  ])('%s', async ([statement, text]) => {
    const own = await node(`${statement} xlog("rc $rc\\n");`)
    expect(own.logged(request('OPTIONS', 'bob'))).toEqual([text, '<script>: rc -1'])
  })

  test('a setting that there is not', async () => {
    await expect(node('$http_req(nosuch) = 1;')).rejects.toThrow('$http_req(nosuch) is not known')
  })

  test('a time that there is not', async () => {
    await expect(node('xlog("$http_time(x)\\n");')).rejects.toThrow('$http_time(x) is not known')
  })
})

test('nothing is told outside of a route', async () => {
  const own = await node('xlog("$http_ok $http_rs $http_hdr(a) $http_req_id $http_err\\n");')
  expect(own.logged(request('OPTIONS', 'bob'))).toEqual([
    '<script>: <null> <null> <null> <null> <null>',
  ])
})

test('no route runs when the node has stopped', async () => {
  const own = await node(ask('/silent'))
  own.receive(request('OPTIONS', 'bob'))
  await own.host.stop()
  await new Promise(later => setTimeout(later, 20))
  expect(scriptLines(own)).toEqual([])
})
