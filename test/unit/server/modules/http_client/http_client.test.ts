// What http_client does is what it does in the real Kamailio (compat/http_client/answers.json).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkValue } from '../../../../../rpc/check.ts'
import { httpclient } from '../../../../../rpc/contract/httpclient.ts'
import type { HttpClientModule } from '../../../../../server/modules/http_client/http_client.ts'
import {
  CONNECTIONS_FILE,
  configOf,
  GROUPS,
  type Group,
  web,
} from '../../../../compat/http_client/cases.ts'
import { CLOSED_PORT, startWeb } from '../../../../compat/http_client/web-server.ts'
import { answersOf } from '../../../../compat/random/statements.ts'
import { PORT, request } from '../../../../compat/script/cases.ts'
import { eventMessage } from '../../../../../server/core/event-message.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { Bench, main } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import { expectFacts, type Fact, marked, recorded, settled } from '../../../../kit/case-answers.ts'
import { Authority } from '../../../../kit/certificates.ts'

const { groups } = recorded<{ groups: Record<string, Fact[]> }>('http_client')
const REAL = 'kamailio (5.6.3 (x86_64/linux))'

let authority: Authority
let stopWeb: () => Promise<void>

beforeAll(async () => {
  authority = new Authority()
  writeFileSync(join(authority.folder, 'connections.cfg'), CONNECTIONS_FILE)
  stopWeb = await startWeb(authority.sign('web', '/CN=web', 'IP:127.0.0.1'))
})
afterAll(async () => {
  await stopWeb()
  authority.remove()
})

const started = (group: Group): Promise<Bench> => {
  const named = `user_agent_header="User-Agent: ${REAL}"\n${configOf(PORT, group)}`
  // A bench has no folder for a FIFO.
  const quiet = named.replace('"transport", 0', '"transport", 1')
  return Bench.start(quiet.replaceAll('FOLDER', authority.folder))
}

/** One after the other, as the one process of the real one did. */
async function answers(group: Group): Promise<string[]> {
  const bench = await started(group)
  for (const [i] of group.routes.entries()) {
    bench.receive(request(PEER_PORT, `X-Test: ${i}\r\n`))
    await settled(bench)
  }
  await bench.host.stop()
  const first = marked(bench).map(line => line.split('\n', 1)[0]!.trimEnd())
  return answersOf(first.join('\n'), group.routes.length)
}

describe.each(GROUPS)('as the real one: $name', group => {
  expectFacts(groups[group.name] ?? [], group.routes, () => answers(group))
})

const groupOf = (params: string, ...routes: string[]): Group => ({ name: '', params, routes })
const told = (route: string, params = ''): Promise<string[]> => answers(groupOf(params, route))
const SHOW = 'xlog("L_ERR", "@@$hdr(X-Test) $rc <$var(r)>\\n");'
const connection = (text: string): string => `modparam("http_client", "httpcon", "${text}")\n`

it('lets no empty line end the headers', async () => {
  const headers = 'X-One: 1\\r\\n\\r\\nX-Two: 2\\r\\n'
  const route = `http_client_query("${web}/echo", "", "${headers}", "$var(r)"); ${SHOW}`
  const [answer = ''] = await told(route)
  expect(answer).toContain('X-One: 1; X-Two: 2')
})

it('says the name of the client once', async () => {
  const route = `http_client_query("${web}/echo", "", "user-agent: own", "$var(r)"); ${SHOW}`
  expect(await told(route)).toEqual(['200 <GET /echo | Accept: */*; user-agent: own | >'])
})

it('knows the text of an error that is in a variable', async () => {
  const route = `http_client_query("http://127.0.0.1:${CLOSED_PORT}/", "$var(r)");`
  const show = 'xlog("L_ERR", "@@$hdr(X-Test) $curlerror($rc)\\n");'
  expect(await told(route + show)).toEqual(["Couldn't connect to server"])
})

it('ends redirects that go in a circle', async () => {
  const params = 'modparam("http_client", "httpredirect", 1)\n'
  expect(await told(`http_client_query("${web}/loop", "$var(r)"); ${SHOW}`, params)).toEqual([
    '47 <>',
  ])
})

it('asks each connection of a circle once', async () => {
  const params =
    connection(`a=>${web}/broken;failover=b`) + connection(`b=>${web}/broken;failover=a`)
  const counts = 'xlog("L_ERR", "@@$hdr(X-Test) $rc $stat(connfail)\\n");'
  expect(await told(`http_connect("a", "", "$var(r)"); ${counts}`, params)).toEqual(['500 2'])
})

it('lists connections, the newest first', async () => {
  const bench = await started(
    groupOf(connection('a=>http://ann:pw@h1/x') + connection('b=>https://h2;timeout=9;failover=a')),
  )
  const rows = bench.rpc('httpclient.listcon')
  expect(checkValue(httpclient['httpclient.listcon'].result, rows)).toBeNull()
  const none = { USERNAME: null, PASSWORD: null, FAILOVER: null, TIMEOUT: 4 }
  expect(rows).toEqual([
    ['CONNECTION', { ...none, NAME: 'b', SCHEMA: 'https', URI: 'h2', FAILOVER: 'a', TIMEOUT: 9 }],
    [
      'CONNECTION',
      { ...none, NAME: 'a', SCHEMA: 'http', URI: 'h1/x', USERNAME: 'ann', PASSWORD: 'pw' },
    ],
  ])
  await bench.host.stop()
})

describe('does not start', () => {
  const file = (text: string): string => {
    writeFileSync(join(authority.folder, 'wrong.cfg'), text)
    return 'modparam("http_client", "config_file", "FOLDER/wrong.cfg")\n'
  }

  it.each([
    ['a=http://h', 'invalid curl parameter [a=http://h]'],
    ['a=>h', 'invalid curl parameter [a=>h]'],
    ['a=>http://h;', 'invalid curl parameter [a=>http://h;]'],
  ])('with the connection %s', async (text, complaint) => {
    await expect(started(groupOf(connection(text)))).rejects.toThrow(complaint)
  })

  it('with a name that is there twice', async () => {
    const twice = groupOf(connection('a=>http://h') + connection('a=>http://h'))
    await expect(started(twice)).rejects.toThrow('duplicate Curl connection name [a]')
  })

  it.each([
    ['[a\nurl = http://h', "wrong.cfg:1: Syntax error, ']' expected"],
    ['[ ]', 'wrong.cfg:1: Invalid or missing connection name'],
    ['url = http://h', 'wrong.cfg:1: Invalid or missing connection name'],
    ['[a]\nurl = http://h\nnosuch = 1', "wrong.cfg:3: Unsupported option 'nosuch'"],
    ['[a]\nurl', 'wrong.cfg:2: Syntax error'],
    ['[a]\nurl = h', 'Invalid schema://url definition [h]'],
  ])('with the file %j', async (text, complaint) => {
    await expect(started(groupOf(file(text)))).rejects.toThrow(complaint)
  })

  it('without the file', async () => {
    const params = 'modparam("http_client", "config_file", "FOLDER/none.cfg")\n'
    await expect(started(groupOf(params))).rejects.toThrow('Failed to load http_client connections')
  })
})

it('takes the default where an option has no value that can be taken', async () => {
  const bench = await started(groupOf(connection('a=>http://h;nosuch=1;timeout=x;tlsversion=99')))
  const { connections } = bench.host.instance('http_client') as HttpClientModule
  const { timeout, tls } = connections.get('a')!.settings
  expect([timeout, tls.version]).toEqual([4000, 0])
  await bench.host.stop()
})

it('lets go of what it waits for when the node stops', async () => {
  const bench = await started(groupOf('', `http_client_query("${web}/silent", "$var(r)"); ${SHOW}`))
  bench.receive(request(PEER_PORT, 'X-Test: 0\r\n'))
  expect(bench.core.routes.waiting).toBe(1)
  await bench.host.stop()
  await settled(bench)
  expect(marked(bench)).toEqual(['0 28 <>'])
})

it('asks for KEMI scripts, whatever number of arguments they give', async () => {
  const bench = await started(groupOf(connection(`a=>${web}`)))
  const exports = bench.core.kemi.exports().filter(one => one.module === 'http_client')
  const msg = new SipMessage(request(PEER_PORT), eventMessage(main).received, 1)
  const result = bench.core.formats.pvar('$var(r)')
  const ask = async (name: string, ...args: string[]): Promise<unknown[]> => {
    const found = exports.find(one => one.name === name)!
    expect(args.length).toBe(found.params.length)
    return [await found.call(msg, args), result.get(msg)]
  }
  expect(await ask('query', `${web}/line`, '$var(r)')).toEqual([200, 'just one'])
  const [, posted] = await ask('query_post', `${web}/echo`, '$rU', '$var(r)')
  expect(posted).toMatch(/^POST .* \| \$rU$/)
  const [, both] = await ask('query_post_hdrs', `${web}/echo`, 'x', 'X-One: 1', '$var(r)')
  expect(both).toMatch(/X-One: 1 \| x$/)
  expect(await ask('curl_connect', 'a', 'line', '$var(r)')).toEqual([200, 'just one'])
  expect(await ask('curl_get_redirect', 'a', '$var(r)')).toEqual([1, `${web}/line`])
  await bench.host.stop()
})
