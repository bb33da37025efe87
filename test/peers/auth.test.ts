// Real phones authenticate at a node whose users are in an SQLite file: SIPp and baresip register
// with digest, a wrong password is refused, a nonce is used again.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { subscriber } from '../../server/core/db/tables/auth_db.ts'
import { Phone as TalkingPhone } from '../compat/auth/talk.ts'
import { baresip } from '../kit/baresip.ts'
import { Phone } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'
import { type SippResult, sipp } from '../kit/sipp.ts'
import { sqliteFile } from '../kit/sqlite-file.ts'

const CALLS = 20
const BOB = '<sip:bob@example.com>'
const PASSWORD = 'secret'

const MODULES =
  'kex tm tmx sl rr pv maxfwd textops siputils xlog usrloc registrar ctl db_sqlite auth'

/** A file with the user bob of every realm that is named. */
function users(realms: string[], algorithm: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-users-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'users.sqlite')
  const url = sqliteFile(path, subscriber)
  const file = new DatabaseSync(path)
  for (const realm of realms)
    for (const [column, user] of [
      ['ha1', 'bob'],
      ['ha1b', `bob@${realm}`],
    ] as const) {
      const hash = createHash(algorithm).update(`${user}:${realm}:${PASSWORD}`).digest('hex')
      file
        .prepare(
          `INSERT INTO subscriber (username, domain, ${column}) VALUES (?, ?, ?)
           ON CONFLICT (username, domain) DO UPDATE SET ${column} = excluded.${column}`,
        )
        .run('bob', realm, hash)
    }
  file.close()
  return url
}

type Node = {
  params?: string
  flags?: number
  realm?: string
  algorithm?: string
  /** The file of another node. */
  url?: string
  /** The real Kamailio. */
  original?: boolean
}

/** A registrar that asks for credentials and, when they are right, for nothing more. */
function registrar(node: Node): Promise<SipServer> {
  const { params = '', flags = 1, realm = 'example.com', algorithm = 'md5', original } = node
  const url = node.url ?? users([realm], algorithm)
  return serverForTest({
    ...(original === true ? { original } : {}),
    config: `
debug=2
log_stderror=yes
server_signature=no
${[...MODULES.split(' '), 'auth_db'].map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("auth_db", "db_url", "${url}")
modparam("ctl", "binrpc", "unix:kamailio_ctl")
${params}
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  t_newtran();
  if (!auth_check("${realm}", "subscriber", "1")) {
    xlog("L_ALERT", "refused with $rc\n");
    auth_challenge("${realm}", "${flags}");
    exit;
  }
  consume_credentials();
  save("location");
}
`,
  })
}

async function register(
  server: SipServer,
  scenario: string,
  password: string,
): Promise<SippResult> {
  const args = ['-au', 'bob', '-ap', password]
  const caller = await sipp({ scenario, server, user: 'bob', args, calls: CALLS, rate: 40 })
  return caller.result()
}

const ALL = { ok: CALLS, failed: 0 }

describe('SIPp', () => {
  test('registers with its password', async () => {
    const server = await registrar({})
    const made = await register(server, 'auth-register', PASSWORD)
    expect(made, made.errors + server.log).toMatchObject(ALL)
    expect(made.messages).toContain('qop="auth"')
  })

  test('registers with auth-int', async () => {
    const server = await registrar({ flags: 2 })
    const made = await register(server, 'auth-register', PASSWORD)
    expect(made, made.errors + server.log).toMatchObject(ALL)
    expect(made.messages).toMatch(/Authorization: Digest .*qop=auth-int/)
  })

  test('is refused with another password', async () => {
    const server = await registrar({})
    const made = await register(server, 'auth-refused', 'guessed')
    expect(made, made.errors + server.log).toMatchObject(ALL)
    expect(server.log.match(/refused with -2/g)).toHaveLength(CALLS)
  })

  test('uses a nonce again', async () => {
    const server = await registrar({})
    const made = await register(server, 'auth-again', PASSWORD)
    expect(made, made.errors + server.log).toMatchObject(ALL)
  })

  test('cannot use a nonce again that is for one request', async () => {
    const server = await registrar({ params: 'modparam("auth", "one_time_nonce", 1)' })
    const made = await register(server, 'auth-once', PASSWORD)
    expect(made, made.errors + server.log).toMatchObject(ALL)
    expect(server.log.match(/refused with -6/g)).toHaveLength(CALLS)
  })
})

describe('baresip', () => {
  // It takes the domain of its account from the address of the node.
  const realm = '127.0.0.1'

  test('registers with its password', async () => {
    const server = await registrar({ realm })
    const phone = await baresip({ user: 'bob', server, password: PASSWORD })
    await phone.registered()
    expect(await server.rpc('ul.lookup', 'location', 'bob')).toContain('sip:bob')
  })

  test('registers at a node that counts its requests', async () => {
    const server = await registrar({ realm, params: 'modparam("auth", "nonce_count", 1)' })
    const phone = await baresip({ user: 'bob', server, password: PASSWORD })
    await phone.registered()
  })

  test('is refused with another password', async () => {
    const server = await registrar({ realm })
    const phone = await baresip({ user: 'bob', server, password: 'guessed' })
    await phone.child.printed(/401 Unauthorized/)
    await server.logged(/refused with -2/)
  })
})

const SECRET = 'modparam("auth", "secret", "0123456789abcdefghijklmnopqrstuvwxyz")'
const CHECKS = 'modparam("auth", "auth_checks_register", 15)'
const SHA256 = 'modparam("auth", "algorithm", "SHA-256")'

/** Takes a challenge from one node and registers with it at another. */
async function registerWithNonceOf(one: SipServer, other: SipServer): Promise<string> {
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const talk = new TalkingPhone(phone.address, Date.now)
  const headers = [`Contact: <sip:bob@${phone.address}>`, `Call-ID: ${phone.port}@example.com`]
  const step = { send: 'REGISTER sip:example.com', from: `${BOB};tag=b`, to: BOB, headers }
  await phone.send(talk.text(step), one.host, one.port)
  talk.take((await phone.expect(/^SIP\/2\.0 401/)).message.text)
  const answer = { user: 'bob', password: PASSWORD }
  await phone.send(talk.text({ ...step, answer }), other.host, other.port)
  return (await phone.expect(/^SIP\/2\.0 \d/)).message.first
}

describe('a node and a Kamailio with one secret and one file of users', () => {
  test.for([
    ['MD5', SECRET, 'md5'],
    ['parts of the message', `${SECRET}\n${CHECKS}`, 'md5'],
    ['SHA-256', `${SECRET}\n${SHA256}`, 'sha256'],
  ] as const)("take each other's nonces: %s", async ([, params, algorithm]) => {
    const url = users(['example.com'], algorithm)
    const ours = await registrar({ params, url })
    const original = await registrar({ params, url, original: true })
    expect(await registerWithNonceOf(original, ours)).toBe('SIP/2.0 200 OK')
    expect(await registerWithNonceOf(ours, original)).toBe('SIP/2.0 200 OK')
    const stranger = await registrar({ url, params: 'modparam("auth", "secret", "other")' })
    expect(await registerWithNonceOf(original, stranger)).toBe('SIP/2.0 401 Unauthorized')
  })
})
