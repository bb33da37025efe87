// What the real Kamailio did to requests with Route, Record-Route and Path, again with rr, path and
// outbound.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import { protoName, TCP, UDP } from '../../../../../server/sip/transport.ts'
import {
  type Fact,
  type Facts,
  FOLDER,
  maskBranch,
  messageText,
  PEER_PORT,
  SERVER_PORT,
} from '../../../../compat/rr/facts.ts'
import type { Params } from '../../../../compat/registrar/kamailio.ts'
import { received } from '../../../../kit/received.ts'
import { RrWorld, sockets } from './rr-world.ts'

/** Kamailio 5.6 takes no notice of the secret. */
const AS_KAMAILIO = { unkeyed_flow_tokens: 1 }

function replay(fact: Fact, modules: string[]): Fact {
  const withOutbound = modules.includes('outbound')
  const own: Params = withOutbound
    ? { outbound: { ...fact.params?.['outbound'], ...AS_KAMAILIO } }
    : {}
  const world = new RrWorld({ ...fact.params, ...own }, withOutbound)
  const from = {
    srcIp: '127.0.0.1',
    srcPort: PEER_PORT,
    dstPort: SERVER_PORT,
    proto: fact.stream === true ? TCP : UDP,
    socket: fact.stream === true ? sockets.stream : sockets.main,
  }
  const msg = new SipMessage(messageText(fact), received(from), 1)
  const returned = fact.calls.map(([name, ...args]) =>
    String(world.call(msg, String(name), ...args)),
  )
  const fs = msg.forceSocket
  const state = [
    msg.uri,
    msg.dstUri || '<null>',
    fs === null ? '<null>' : `${protoName(fs.proto)}:${fs.host}:${fs.port}`,
    world.variable(msg, 'route_uri'),
    `${world.variable(msg, 'rdir', 'id')} ${world.variable(msg, 'rdir', 'name')}`,
    world.variable(msg, 'fti'),
    world.variable(msg, 'tti'),
  ].join('|')
  const socket = sockets[fact.from ?? 'main']
  const via = `${socket.viaPrefix}z9hG4bK\r\n`
  const sent = maskBranch(printRequest(msg, msg.uri, via, '', socket))
  return { ...fact, returned, state, sent }
}

const files = ['.', '../path', '../outbound'].flatMap(folder =>
  readdirSync(join(FOLDER, folder))
    .filter(file => file.endsWith('.json'))
    .map(file => join(folder, file)),
)

for (const name of files) {
  const { facts, modules = [] } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Facts
  describe(`${name}, as Kamailio has it`, () => {
    const titled = facts.map(fact => ({
      fact,
      title: JSON.stringify([fact.params, fact.calls, fact.request, fact.headers, fact.from]),
    }))
    test.for(titled)('$title', ({ fact }) => {
      expect(replay(fact, modules)).toEqual(fact)
    })
  })
}
