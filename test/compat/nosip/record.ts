// Records which packets the real Kamailio gives to event_route[nosip:msg], and writes it into
// packets.json: node test/compat/nosip/record.ts A packet is added by hand; logged is Kamailio's.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PEER_PORT, SERVER_PORT } from '../registrar/facts.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import { type Facts, FOLDER, ROUTES } from './facts.ts'

const path = join(FOLDER, 'packets.json')
const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
for (const { params, packets } of facts.cases) {
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: ['kex', 'sl', 'pv', 'xlog', 'jsonrpcs', 'nosip'],
    params: { nosip: params },
    routes: ROUTES,
    port: SERVER_PORT,
  })
  for (const packet of packets) {
    await kamailio.send(PEER_PORT, packet.text, 40)
    packet.logged = kamailio.takeLog().marks
  }
  await kamailio.stop()
}
writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
