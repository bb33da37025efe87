// Accounting into files: the same requests leave the same line with the real Kamailio and with us.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Phone } from '../../kit/phone.ts'
import { serverForTest } from '../../kit/server.ts'

const config = (folder: string): string => `#!KAMAILIO
children=1
loadmodule "ctl.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "db_flatstore.so"
loadmodule "acc.so"
modparam("acc", "db_url", "flatstore:${folder}")
modparam("acc", "db_extra", "ua=$ua;user=$rU;nothing=$avp(none)")
request_route {
  if ($rm == "MESSAGE") acc_db_request("200 o:k|", "acc");
  sl_send_reply("200", "OK");
}
`

/** Lines of all files of the table. */
const linesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => /^acc_\d+\.log$/.test(name))
    .flatMap(name => readFileSync(join(folder, name), 'latin1').split('\n'))
    .filter(line => line !== '')

async function account(original: boolean, base: string): Promise<string[]> {
  const folder = join(base, original ? 'theirs' : 'ours')
  mkdirSync(folder)
  const server = await serverForTest({ config: config(folder), original })
  const phone = await Phone.open()
  for (const [cseq, agent] of ['a b', 'a|b%7C', 'q"\\'].entries()) {
    const lines = [
      'MESSAGE sip:bob@example.org SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bKf${cseq}`,
      'From: <sip:alice@example.org>;tag=1',
      'To: <sip:bob@example.org>',
      'Call-ID: flat|1',
      `CSeq: ${cseq + 1} MESSAGE`,
      `User-Agent: ${agent}`,
      'Content-Length: 0',
    ]
    await phone.send(`${lines.join('\r\n')}\r\n\r\n`, server.host, server.port)
    await phone.expect(/^SIP\/2\.0 200 /)
    await expect.poll(() => linesOf(folder)).toHaveLength(cseq + 1)
  }
  await phone.close()
  // The time is when it was.
  return linesOf(folder).map(line => line.replace(/\|\d{10}\|/, '|time|'))
}

test('acc writes the same lines', async () => {
  const base = mkdtempSync(join(tmpdir(), 'ohana-flat-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const theirs = await account(true, base)
  expect(theirs[1]).toBe('MESSAGE|1||flat%7C1|200|o:k%7C|time|a%7Cb%7C|bob|')
  expect(await account(false, base)).toEqual(theirs)
})
