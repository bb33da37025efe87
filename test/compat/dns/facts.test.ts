// What the real Kamailio does with names, asked of ours.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { JsonPrinter } from '../../../rpc/wire/json-print.ts'
import { targetHost } from '../../../server/core/forward.ts'
import { execute, readRequest } from '../../../server/modules/jsonrpcs/execute.ts'
import { callerBy } from '../../../server/modules/jsonrpcs/jsonrpcs.ts'
import { parseUri } from '../../../server/sip/uri.ts'
import { DnsZone } from '../../kit/dns-server.ts'
import { NameWorld, SERVER, testSources, zoneTransport } from '../../kit/name-world.ts'
import { testNode } from '../../unit/server/core/rpc/core-for-test.ts'
import type { RpcFacts, WayFacts } from './facts.ts'

const facts = JSON.parse(readFileSync('test/compat/dns/ways.json', 'utf8')) as WayFacts

/** `udp:1.2.3.4:0` is where no port was found: the default one. */
const withPort = (way: string): string => way.replace(/:0$/, ':5060')

function words(settings: Record<string, number>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

describe.for(facts.groups.map(group => [words(group.settings), group] as const))(
  '%s',
  ([, { settings, listen, cases }]) => {
    const names = new NameWorld()
    names.zone.add(facts.zone.join('\n'))
    Object.assign(names.settings, settings)
    if (listen.some(address => address.includes('['))) names.families.add(10)

    // In order: what one asked for the next one finds in the cache.
    test.for(cases.map(one => [one.uri, one] as const))('%s', ([, one]) => {
      names.zone.forget()
      const uri = parseUri(one.uri)!
      const { portNumber, transport } = uri
      const ways = names.ways(targetHost(uri), portNumber, transport, uri.scheme === 'sips', 500)
      expect(ways.map(withPort)).toEqual(one.ours?.went ?? one.went)
      expect(names.zone.asked).toEqual(one.ours?.asked ?? one.asked)
    })
  },
)

describe('dns.* and dst_blocklist.*', () => {
  const rpc = JSON.parse(readFileSync('test/compat/dns/rpc.json', 'utf8')) as RpcFacts
  const zone = new DnsZone().add(rpc.zone.join('\n'))
  const node = testNode(
    {},
    {
      names: testSources({ servers: [{ ip: SERVER, port: 53 }] }),
      // The answers come in the same turn of the clock: no second passes.
      nameTransport: zoneTransport(new Map([[SERVER, zone]]), (_ms, run) => queueMicrotask(run)),
    },
  )
  Object.assign(node.core.params, rpc.settings)

  test.for(rpc.exchanges.map(one => [one.request, one] as const))('%s', async ([request, one]) => {
    const read = readRequest(request)!
    const outcome = await execute(node.core.rpc, read, callerBy('datagram'), new JsonPrinter(true))
    expect(outcome?.body).toBe(one.ours?.reply ?? one.reply)
  })
})
