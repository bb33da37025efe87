// A config that runs against a module made for the test: no network, no clock that ticks.
import { makeCore } from '../../server/boot/make-core.ts'
import { makeParams } from '../../server/boot/parameters.ts'
import type { Core } from '../../server/core/core.ts'
import coreSurface from '../../server/core/core.module.ts'
import { ModuleHost } from '../../server/core/host.ts'
import type { AnyModule } from '../../server/core/module/index.ts'
import { Registry } from '../../server/core/registry.ts'
import { systemClock } from '../../server/lib/clock.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { compile, diagnosticsText, link, load } from '../../server/script/index.ts'
import { SipMessage } from '../../server/sip/message.ts'
import { socketInfo, UDP } from '../../server/sip/transport.ts'
import { simulatedNetwork } from './simulated-network.ts'

const socket = socketInfo(UDP, '127.0.0.1', 5060, null, '')
const received = {
  proto: UDP,
  srcIp: '192.0.2.1',
  srcPort: 5062,
  dstIp: '127.0.0.1',
  dstPort: 5060,
  socket,
  connection: 0,
}

const OPTIONS = `OPTIONS sip:bob@example.org SIP/2.0\r
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1\r
From: <sip:alice@example.com>;tag=1\r
To: <sip:bob@example.org>\r
Call-ID: stage\r
CSeq: 1 OPTIONS\r
\r
`

const optionsWith = (callId = 'stage'): string =>
  OPTIONS.replace('Call-ID: stage', `Call-ID: ${callId}`)

export interface Stage {
  readonly core: Core
  /** Lines of the log. */
  readonly lines: string[]
  /** An OPTIONS with this Call-ID, `stage` when none is given. */
  message(callId?: string): SipMessage
}

/** Compiles and links; throws an Error with the diagnostics when the config is wrong. */
export function stage(config: string, ...surfaces: AnyModule[]): Stage {
  const registry = new Registry()
  for (const surface of [coreSurface, ...surfaces]) registry.add(surface)
  const loaded = load('test.cfg', { read: path => (path === 'test.cfg' ? config : null) })
  const compiled = compile(loaded, registry, { available: [], allowMissing: true })
  if (compiled.failed) throw new Error(diagnosticsText(compiled.diagnostics))
  const lines: string[] = []
  const core = makeCore({
    clock: systemClock,
    random: new SeededRandom(1),
    options: {
      configFile: 'test.cfg',
      runDir: '/nowhere',
      workDir: '/',
      nodeName: 'test',
      argv: [],
      pidFile: '',
      logToStderr: false,
      logColor: false,
    },
    params: makeParams(compiled.coreSettings),
    registry,
    formats: compiled.formats,
    vars: compiled.vars,
    shutdown: () => undefined,
    network: () =>
      simulatedNetwork({
        send: () => true,
        resolve: (host, port, _proto, _secure, done) => done({ proto: UDP, ip: host, port }),
        socketFor: () => socket,
      }),
  })
  core.log.addSink(line => lines.push(line.text))
  core.sockets.add(socket)
  const host = new ModuleHost(core)
  host.make([coreSurface, ...surfaces], compiled.paramValues)
  compiled.formats.attach(core, host)
  host.link()
  link(compiled, core, host)
  return { core, lines, message: callId => new SipMessage(optionsWith(callId), received, 1) }
}
