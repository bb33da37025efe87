// Contacts that came over a connection, and that connection: each may go with the other.
import { expect, onTestFinished, test } from 'vitest'
import { Caller } from '../kit/caller.ts'
import { Phone } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

const MODULES = ['ctl', 'kex', 'sl', 'tm', 'rr', 'pv', 'xlog', 'usrloc', 'registrar']

const config = (params: string): string => `#!KAMAILIO
children=1
alias=example.org
${MODULES.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("registrar", "min_expires", 1)
modparam("usrloc", "timer_interval", 1)
${params}
request_route {
  if ($rm == "REGISTER") { save("location"); exit; }
  if ($rm == "MESSAGE") {
    if (lookup("location")) sl_send_reply("200", "Found");
    else sl_send_reply("404", "Not Found");
    exit;
  }
  sl_send_reply("200", "OK");
}
event_route[usrloc:contact-expired] { xlog("L_ERR", "gone $ulc(exp=>aor)\\n"); }
`

async function registered(server: SipServer, expires: number): Promise<Phone> {
  const phone = await Phone.open('tcp')
  onTestFinished(() => phone.close())
  const alice = new Caller('alice', phone, server)
  const text = alice.request('REGISTER', 'sip:example.org', [], '')
  await phone.send(text.replace(/(Contact: .*)/, `$1;expires=${expires}`), server.host, server.port)
  await phone.expect(/^SIP\/2\.0 200/)
  return phone
}

async function looksUp(server: SipServer): Promise<string> {
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const bob = new Caller('bob', phone, server)
  await phone.send(
    bob.request('MESSAGE', 'sip:alice@example.org', [], ''),
    server.host,
    server.port,
  )
  return (await phone.expect(/^SIP/)).message.first
}

test('lookup() leaves out contacts whose connection has ended (lookup_filter_mode 2)', async () => {
  const server = await serverForTest({
    config: config('modparam("registrar", "lookup_filter_mode", 2)'),
  })
  const phone = await registered(server, 600)
  expect(await looksUp(server)).toContain('200')
  phone.hangUp()
  await expect.poll(() => looksUp(server)).toContain('404')
  expect(await server.rpc('ul.lookup', 'location', 'alice')).toContain('Expires: ')
})

test('a contact goes with its connection (handle_lost_tcp)', async () => {
  const server = await serverForTest({ config: config('modparam("usrloc", "handle_lost_tcp", 1)') })
  const phone = await registered(server, 600)
  phone.hangUp()
  await server.logged(/gone alice/)
  expect(await server.rpc('ul.lookup', 'location', 'alice')).toContain('AOR not found')
})

test('a connection goes with its contact (close_expired_tcp)', async () => {
  const server = await serverForTest({
    config: config('modparam("usrloc", "close_expired_tcp", 1)'),
  })
  const phone = await registered(server, 1)
  await server.logged(/gone alice/)
  await expect.poll(() => phone.closed).toBe(1)
})
