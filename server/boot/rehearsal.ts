/**
 * After a restart all phones register at once, and the code that answers them has never run. What
 * the compiler of the runtime has not seen happen (the first refresh, a second contact, the first
 * that leaves) it leaves out, and compiles the function again when it comes, which costs a busy
 * node more than a thousand requests each time. So a node that has a registrar plays the ways of a
 * registration to a second core that nobody sees: no sockets, no database, no log, no timers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CoreInstance } from '../core/core.module.ts'
import { ModuleHost } from '../core/host.ts'
import type { AnyModule } from '../core/module/index.ts'
import type { Network } from '../core/network.ts'
import { Receiver } from '../core/receive.ts'
import { Registry } from '../core/registry.ts'
import { systemClock } from '../lib/clock.ts'
import { SeededRandom } from '../lib/random.ts'
import { compile, link, load } from '../script/index.ts'
import { type Received, type SocketInfo, socketInfo, UDP } from '../sip/transport.ts'
import { makeCore } from './make-core.ts'
import { makeParams } from './parameters.ts'

const MODULES = ['sl', 'usrloc', 'registrar']
const CONFIG = `${MODULES.map(name => `loadmodule "${name}"\n`).join('')}
request_route { save("location"); }`

/** So many that each way of a registration, and the timer between them, counts as hot. */
const USERS = 24
const ROUNDS = 40
/** Requests of a turn of the loop: others wait less than a few milliseconds. */
const SLICE = 4

const ADDRESS = '127.0.0.1'
const PORT = 5060

/**
 * Plays in small turns of the loop, when that has nothing else to do. Resolves with how many
 * requests were accepted; 0 without a registrar.
 */
export async function rehearse(surfaces: readonly AnyModule[]): Promise<number> {
  const cast = surfaces.filter(({ name }) => name === 'core' || MODULES.includes(name))
  if (cast.length <= MODULES.length) return 0
  // What came in while the node started is answered before the stage is built.
  await nextTurn()
  let accepted = 0
  const receive = stage(cast, reply => {
    if (reply.startsWith('SIP/2.0 200')) accepted++
  })
  await inTurns(registrations(), receive)
  return accepted
}

/**
 * By one timer that is wound up again, as that of a busy socket is: its ways get compiled as well.
 * Keeps no process alive that has nothing else to do.
 */
const inTurns = (requests: readonly string[], receive: (text: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let next = 0
    const turn = (): void => {
      try {
        for (const end = next + SLICE; next < end && next < requests.length; next++)
          receive(requests[next]!)
        if (next < requests.length) timer.refresh()
        else resolve()
      } catch (error) {
        reject(error)
      }
    }
    const timer = setTimeout(turn, 1).unref()
  })

/** A node without a world; what it sends is heard by nobody else. */
function stage(
  surfaces: readonly AnyModule[],
  sent: (text: string) => void,
): (text: string) => void {
  const registry = new Registry()
  for (const surface of surfaces) registry.add(surface)
  const surroundings = { available: MODULES, allowMissing: false }
  const compiled = compile(load('rehearsal', { read: () => CONFIG }), registry, surroundings)
  const socket = socketInfo(UDP, ADDRESS, PORT, null, '')
  const core = makeCore({
    clock: systemClock,
    random: new SeededRandom(1),
    options: NOWHERE,
    params: makeParams(compiled.coreSettings),
    registry,
    formats: compiled.formats,
    vars: compiled.vars,
    shutdown: () => {},
    network: () => wireless(socket, sent),
  })
  core.sockets.add(socket)
  const host = new ModuleHost(core)
  host.make(surfaces, compiled.paramValues)
  compiled.formats.attach(core, host)
  host.link()
  link(compiled, core, host)
  const receiver = new Receiver(core, (host.instance('core') as CoreInstance).statistics)
  const received: Received = {
    proto: UDP,
    srcIp: ADDRESS,
    srcPort: PORT + 1,
    dstIp: ADDRESS,
    dstPort: PORT,
    socket,
    connection: 0,
  }
  return text => receiver.receive(text, received)
}

const NOWHERE = {
  configFile: '',
  runDir: '/nowhere',
  workDir: '',
  nodeName: 'rehearsal',
  argv: [],
  pidFile: '',
  logToStderr: false,
  logColor: false,
}

const wireless = (socket: SocketInfo, sent: (text: string) => void): Network => ({
  send: text => {
    sent(text)
    return true
  },
  resolve: (_host, _port, _proto, _secure, done) => done(null),
  streams: null,
  socketFor: () => socket,
  socketTowards: () => socket,
  beforeLeaving: null,
  beforeSend: null,
  departures: null,
  onSendError: null,
})

/**
 * New contacts, refreshes in the same call and in another, a second contact, and one that leaves.
 */
function registrations(): string[] {
  const texts: string[] = []
  for (let round = 0; round < ROUNDS; round++)
    for (let user = 0; user < USERS; user++) {
      const uri = `sip:rehearsal${user}@${ADDRESS}`
      const contact = round % 4 === 2 ? `${uri}:5070` : uri
      const expires = round % 4 === 3 ? 0 : 600
      const lines = [
        `REGISTER sip:${ADDRESS} SIP/2.0`,
        `Via: SIP/2.0/UDP ${ADDRESS}:5061;branch=z9hG4bK-${user}-${round}`,
        `From: <${uri}>;tag=${user}`,
        `To: <${uri}>`,
        `Call-ID: rehearsal-${user}-${round >> 1}`,
        `CSeq: ${round + 1} REGISTER`,
        `Contact: <${contact}>;expires=${expires}`,
        'Max-Forwards: 70',
        'Content-Length: 0',
      ]
      texts.push(`${lines.join('\r\n')}\r\n\r\n`)
    }
  return texts
}
