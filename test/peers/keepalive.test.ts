// A node watches the real Kamailio, which goes and comes back; and hears packets that are no SIP.
import { expect, onTestFinished, test } from 'vitest'
import { Phone } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, serverForTest, startServer } from '../kit/server.ts'

const load = (...names: string[]): string => names.map(name => `loadmodule "${name}.so"\n`).join('')

const answers = `#!KAMAILIO
children=1
${load('kex', 'sl')}
request_route { sl_send_reply("200", "OK"); }
`

const watches = (address: string): string => `#!KAMAILIO
children=1
${load('ctl', 'kex', 'sl', 'tm', 'pv', 'xlog', 'keepalive', 'nosip')}
modparam("tm", "fr_timer", 1500)
modparam("keepalive", "ping_interval", 1)
modparam("keepalive", "delete_counter", 0)
modparam("keepalive", "destination", "${address}")
request_route { sl_send_reply("200", "OK"); }
event_route[keepalive:dst-up] { xlog("L_ERR", "$ru is up\\n"); }
event_route[keepalive:dst-down] { xlog("L_ERR", "$ru is down\\n"); }
event_route[nosip:msg] { xlog("L_ERR", "heard $nosip of $proto from $si:$sp\\n"); }
`

const kamailio = (port: number): Promise<SipServer> =>
  startServer({ config: answers, port, original: true })

test('tells when a server goes and when it comes back', async () => {
  const port = await freePort()
  const first = await kamailio(port)
  const server = await serverForTest({ config: watches(`127.0.0.1:${port}`) })
  await server.logged(/sip:127\.0\.0\.1:\d+ is up/)
  expect(await server.rpc('keepalive.list')).toMatch(/owner: _params[^]*state: 1/)
  await first.stop()
  await server.logged(/sip:127\.0\.0\.1:\d+ is down/)
  const again = await kamailio(port)
  onTestFinished(async () => void (await again.stop()))
  await server.logged(/is down[^]*is up/)
  expect(await server.rpc('keepalive.flush')).toContain('Ok. Destination list flushed.')
  expect(await server.rpc('keepalive.list')).not.toContain('uri')
})

test('gives packets that are no SIP to the script', async () => {
  const server = await serverForTest({ config: watches('127.0.0.1:9') })
  const phone = await Phone.open('udp')
  onTestFinished(() => phone.close())
  const packet = ':RESUME:4242:8686:RESUME-THE-TRANSACTION:'
  await phone.send(packet, server.host, server.port)
  await server.logged(new RegExp(`heard ${packet} of udp from 127\\.0\\.0\\.1:${phone.port}`))
})
