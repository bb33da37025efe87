// What no recording tells: several challenges, timeouts, and what is refused at the start.
import { describe, expect, test } from 'vitest'
import { unmaskUri, maskUri } from '../../../../../server/modules/uac/uri-mask.ts'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import type { Story } from '../../../../compat/uac/exchange.ts'
import { Bench } from '../../../../kit/bench.ts'
import { Replay } from './replay.ts'

const MODULES = ['tm', 'rr', 'sl', 'pv', 'textops', 'siputils', 'xlog', 'uac']
const PEER = '127.0.0.1:25075'

const start = (uac: Record<string, string | number>, routes: string): Promise<Replay> => {
  const params = { uac: { restore_mode: 'none', ...uac } }
  return Replay.start(MODULES, { name: '', params, routes, steps: [] } as Story)
}

describe('uac_auth', () => {
  const routes = `request_route {
      if (is_method("ACK")) exit;
      t_on_failure("F");
      $du = "sip:${PEER}";
      t_relay();
    }
    failure_route[F] { if (uac_auth()) t_relay(); }`

  async function answered(...challenges: string[]): Promise<string> {
    const replay = await start({ credential: 'alice:r.example:secret' }, routes)
    replay.step({ send: 'INVITE sip:bob@example.com' })
    const headers = challenges.map(one => `Proxy-Authenticate: Digest nonce="n", ${one}`)
    const got = replay.step({ answer: '407 No', headers })
    await replay.stop()
    return /^Proxy-Authorization: .*/m.exec(got.join('\n'))?.[0] ?? ''
  }

  test.for(['SHA-256', 'SHA-512-256'])('answers %s', async algorithm => {
    const said = await answered(`realm="r.example", algorithm=${algorithm}`)
    expect(said).toMatch(new RegExp(`response="[0-9a-f]{64}", algorithm=${algorithm}$`))
  })

  test('answers the first challenge that it can', async () => {
    const own = 'realm="r.example", algorithm='
    expect(await answered('realm="other"', `${own}X`, `${own}SHA-256`, `${own}MD5`)).toContain(
      'algorithm=SHA-256',
    )
    expect(await answered('realm="other"', 'realm="another"')).toBe('')
  })
})

test('a second URI is refused with its name where the first is to be restored', async () => {
  const replay = await start(
    { restore_mode: 'auto' },
    `request_route {
      record_route();
      uac_replace_from("sip:a@example.net");
      if (!uac_replace_from("B", "sip:b@example.net")) append_hf("X-Second: refused\\r\\n");
      $du = "sip:${PEER}";
      t_relay();
    }`,
  )
  const [sent] = replay.step({ send: 'INVITE sip:bob@example.com' })
  expect(sent).toMatch(/\nFrom: "Alice" <sip:a@example\.net>;tag=/)
  expect(sent).toMatch(/\nX-Second: refused\n/)
  await replay.stop()
})

test('header lines of $uac_req(hdrs) end, whatever the script wrote', async () => {
  const replay = await start(
    {},
    `request_route {
      $uac_req(method) = "MESSAGE"; $uac_req(ruri) = "sip:x@${PEER}";
      $uac_req(hdrs) = "X-A: 1"; $uac_req(body) = "hi";
      uac_req_send();
    }`,
  )
  const [sent] = replay.step({ send: 'OPTIONS sip:bob@example.com' })
  expect(sent).toMatch(/\nX-A: 1\n\nhi$/)
  await replay.stop()
})

test('event_route[uac:reply] is told of a timeout', async () => {
  const replay = await start(
    {},
    `request_route {
      $uac_req(method) = "OPTIONS"; $uac_req(ruri) = "sip:x@${PEER}"; $uac_req(evroute) = 3;
      uac_req_send();
    }
    event_route[uac:reply] { xlog("L_ALERT", "$uac_req(evcode) $uac_req(evtype)\\n"); }`,
  )
  replay.bench.core.log.threshold = 0
  replay.step({ send: 'MESSAGE sip:bob@example.com' })
  replay.step({ pause: 40 })
  const told = replay.bench.lines.map(({ text }) => text.replace('<script>: ', '').trim())
  expect(told).toEqual(['408 1', '408 2'])
  await replay.stop()
})

describe('registrations', () => {
  const add = (uuid: string, user = uuid): [string, ...(string | number)[]] => [
    ...(['uac.reg_add', uuid, user, 'l.example', 'them', 'r.example', 'r', 'them', 'pw'] as const),
    ...(['.', `sip:${PEER}`, 600, 0, 0, '.', '.'] as const),
  ]
  const active = { reg_contact_addr: 'c.example', reg_timer_interval: 2 }
  const nothing = 'request_route { exit; }'

  test('are not there without reg_contact_addr', async () => {
    const replay = await start({}, nothing)
    expect(replay.step({ rpc: ['uac.reg_dump'] })).toEqual([
      { error: { code: 500, message: 'Not enabled' } },
    ])
    await replay.stop()
  })

  test('take requests to where they are also without auth_*_avp', async () => {
    const script = 'request_route { if (uac_reg_request_to("u1", "0")) t_relay(); }'
    const replay = await start(active, script)
    replay.step({ rpc: add('u1') })
    const [sent] = replay.step({ send: 'INVITE sip:bob@example.com' })
    expect(sent).toMatch(/^INVITE sip:them@r\.example SIP/)
    await replay.stop()
  })

  test('without a delay of their own begin within reg_random_delay', async () => {
    const replay = await start({ ...active, reg_random_delay: 100 }, nothing)
    for (let i = 0; i < 20; i++) replay.step({ rpc: add(`u${i}`) })
    const early = new Set(replay.messages({ pause: 20 }).map(text => /sip:(u\d+)@/.exec(text)![1]))
    expect(early.size).toBeLessThan(15)
    const all = replay.messages({ pause: 100 }).map(text => /sip:(u\d+)@/.exec(text)![1])
    expect(new Set([...early, ...all]).size).toBe(20)
    await replay.stop()
  })

  test('that get no reply fail, and are counted', async () => {
    const replay = await start(active, nothing)
    replay.step({ rpc: add('u1') })
    replay.step({ pause: 3 })
    replay.step({ pause: 40 })
    const count = (name: string): number =>
      replay.bench.core.counters.find('uac', name)?.current() ?? -1
    expect(['regtotal', 'regactive', 'regdisabled'].map(count)).toEqual([1, 0, 1])
    await replay.stop()
  })

  test('that are taken out of the table do not come back with a late reply', async () => {
    const replay = await start(active, nothing)
    replay.step({ rpc: add('u1') })
    replay.step({ wait: 3 })
    replay.step({ rpc: ['uac.reg_remove', 'u1'] })
    replay.step({ rpc: add('u1') })
    replay.step({ answer: '403 No' })
    expect(JSON.stringify(replay.step({ rpc: ['uac.reg_dump'] }))).toContain('"flags":0')
    await replay.stop()
  })

  test('cannot be read from a database', async () => {
    const replay = await start(active, nothing)
    replay.step({ rpc: add('u1') })
    for (const rpc of [['uac.reg_reload'], ['uac.reg_refresh', 'u1']] as [string, ...string[]][])
      expect(JSON.stringify(replay.step({ rpc }))).toContain('check log messages')
    await replay.stop()
  })
})

describe('the start is refused', () => {
  test.for([
    ['reg_db_url', '"sqlite:///x"', 'contact address parameter not set'],
    ['restore_mode', '"often"', "unsupported value 'often'"],
    ['credential', '"alice:r"', 'is no credential'],
  ] as const)('with %s %s', async ([name, value, why]) => {
    const head = 'loadmodule "tm.so"\nloadmodule "rr.so"\nloadmodule "uac.so"\n'
    const config = `${head}modparam("uac", "${name}", ${value})\nrequest_route {\n  exit;\n}\n`
    await expect(Bench.start(config)).rejects.toThrow(why)
  })

  test('without rr', async () => {
    const config = 'loadmodule "tm.so"\nloadmodule "uac.so"\nrequest_route {\n  exit;\n}\n'
    await expect(Bench.start(config)).rejects.toThrow('needs the module rr')
  })
})

test('what Record-Route carries gives the other URI back, whatever the two are', () => {
  const random = new SeededRandom(7)
  const text = (): string => {
    const letters = random.uint32() % 60
    // No URI ends with a zero byte.
    return Array.from({ length: letters }, () =>
      String.fromCharCode(1 + (random.uint32() % 255)),
    ).join('')
  }
  for (let i = 0; i < 2000; i++) {
    const [before, after, password] = [text(), text(), text()]
    const value = maskUri(before, after, password)
    expect(value).toMatch(/^[A-Za-z0-9+/]*-{0,2}$/)
    expect(unmaskUri(value, after, password)).toBe(before)
    expect(unmaskUri(value, before, password)).toBe(after)
    expect(() => unmaskUri(text(), before, password)).not.toThrow()
  }
})
