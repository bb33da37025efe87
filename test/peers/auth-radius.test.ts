// Users that a real FreeRADIUS server knows: their digests, what it tells of them, their groups.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { DICTIONARY } from '../compat/acc/radius.ts'
import { NONCE, type Question, requestText } from '../compat/auth_radius/facts.ts'
import { Bench } from '../kit/bench.ts'
import { FreeRadius, RADIUS_SECRET } from '../kit/freeradius.ts'

const USERS = `
alice@example.org Service-Type == SIP-Caller-AVPs, Auth-Type := Accept
  SIP-AVP = "plan:gold"
alice@example.org Cleartext-Password := "secret"
  SIP-AVP = "email:alice@example.net",
  SIP-AVP += "age#28"
`

const SCRIPT = `
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "xlog.so"
loadmodule "auth.so"
loadmodule "auth_radius.so"
loadmodule "misc_radius.so"
modparam("auth_radius|misc_radius", "radius_config", "CONFIG")
request_route {
  if (is_method("OPTIONS")) { www_challenge("example.org", "1"); exit; }
  if (is_method("MESSAGE")) {
    radius_load_caller_avps("$fU@$fd");
    $var(rc) = $rc;
    xlog("L_ERR", "@@$var(rc) $avp(plan)\\n");
    exit;
  }
  radius_www_authorize("example.org");
  $var(rc) = $rc;
  xlog("L_ERR", "@@$var(rc) $avp(email) $avp(age)\\n");
}
`

async function stage() {
  const server = await FreeRadius.start(USERS)
  const folder = mkdtempSync(join(tmpdir(), 'ohana-auth-radius-'))
  const path = join(folder, 'radiusclient.conf')
  writeFileSync(join(folder, 'servers'), `127.0.0.1 ${RADIUS_SECRET}\n`)
  writeFileSync(
    path,
    `authserver 127.0.0.1:${server.authentication}\nacctserver 127.0.0.1:${server.accounting}\n` +
      `servers ${join(folder, 'servers')}\ndictionary ${DICTIONARY}\nradius_timeout 2\n`,
  )
  const bench = await Bench.start(SCRIPT.replace('CONFIG', path))
  onTestFinished(async () => {
    await bench.host.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  })
  return bench
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** What the script says to a request with the digest of this password. */
async function said(bench: Bench, password: string, method = 'REGISTER'): Promise<string> {
  const question: Question = { name: '', params: {}, call: '', method, code: null }
  bench.sent.length = 0
  bench.lines.length = 0
  bench.receive(requestText({ ...question, method: 'OPTIONS', credentials: null }, ''))
  const nonce = NONCE.exec(bench.sent[0]!.text)![1]!
  const nc = '00000001'
  const ha1 = md5(`alice:example.org:${password}`)
  const ha2 = md5(`${method}:sip:example.org`)
  const response = md5(`${ha1}:${nonce}:${nc}:abc:auth:${ha2}`)
  const credentials = { qop: 'auth', nc, cnonce: '"abc"', response: `"${response}"` }
  bench.receive(requestText({ ...question, credentials }, nonce))
  while (bench.core.routes.waiting > 0) {
    bench.core.timers.run()
    await pause(5)
  }
  const line = bench.lines.map(({ text }) => text).find(text => text.includes('@@')) ?? ''
  return line.slice(line.indexOf('@@') + 2).trim()
}

test('a user is who the server says, with what it says of him', async () => {
  const bench = await stage()
  expect(await said(bench, 'secret')).toBe('1 alice@example.net 28')
  expect(await said(bench, 'wrong')).toBe('-2 <null> <null>')
  expect(await said(bench, 'secret', 'MESSAGE')).toBe('1 gold')
})
