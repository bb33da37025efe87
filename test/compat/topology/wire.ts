// The story over real sockets: two phones on loopback, and a server at a port of its own that may
// be another program after a while.
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { Phone } from '../../kit/phone.ts'
import { freePort } from '../../kit/ports.ts'
import { type SipServer, startServer } from '../../kit/server.ts'
import { MODULES, ROUTES } from './facts.ts'
import { type Heard, Story } from './story.ts'

/** Milliseconds in which a phone hears what follows from what another one said: after the last. */
const LISTENING = 150
/** Until somebody hears something, however busy the machine is. */
const PATIENCE = 10_000

export class Wire {
  readonly story: Story
  readonly port: number
  private server: SipServer | null = null

  private constructor(port: number, alice: Phone, bob: Phone) {
    this.port = port
    const phones = { [alice.port]: alice, [bob.port]: bob }
    const say = async (from: number, text: string): Promise<Heard[]> => {
      for (const phone of [alice, bob]) phone.inbox.length = 0
      await phones[from]!.send(text, '127.0.0.1', port)
      const heard = (): number => alice.inbox.length + bob.inbox.length
      for (let waited = 0; heard() === 0 && waited < PATIENCE; waited += 10) await pause(10)
      for (let before = -1; before !== heard(); ) {
        before = heard()
        await pause(LISTENING)
      }
      return [alice, bob].flatMap(phone =>
        phone.inbox
          .filter(({ again }) => !again)
          .map(({ message }) => ({ port: phone.port, text: message.text })),
      )
    }
    this.story = new Story(say, { alice: alice.port, bob: bob.port, carol: 0, server: port })
  }

  static async open(): Promise<Wire> {
    const [alice, bob] = [await Phone.open(), await Phone.open()]
    const wire = new Wire(await freePort(), alice, bob)
    onTestFinished(async () => {
      await wire.hangUp()
      await Promise.all([alice.close(), bob.close()])
    })
    return wire
  }

  /** The server of this port from now on: the real Kamailio, or a node of ours. */
  async serve(original: boolean, modules: string[], params: string): Promise<void> {
    await this.hangUp()
    this.server = await startServer({
      original,
      port: this.port,
      transports: ['udp'],
      config: topologyConfig(modules, params, ''),
    })
  }

  private async hangUp(): Promise<void> {
    await this.server?.stop()
    this.server = null
  }
}

/** `target`: where requests that begin a dialog go; '': to their request URI. */
export function topologyConfig(modules: string[], params: string, target: string): string {
  const probe = 'if (is_present_hf("X-Probe")) { sl_send_reply("200", "Here"); exit; }\n'
  const aim = target === '' ? '' : `$du = "sip:127.0.0.1:${target}";\n`
  return [
    'debug=2\nlog_stderror=yes\nchildren=1\nauto_aliases=no',
    // A machine that is busy otherwise is no overload.
    'ohana.overload_protection = 0',
    ...[...MODULES, ...modules].map(name => `loadmodule "${name}.so"`),
    'modparam("rr", "append_fromtag", 1)',
    params,
    ROUTES.replace(/ {2}xlog.*\n/g, '')
      .replace('request_route {\n', `request_route {\n${probe}`)
      .replace('  record_route();\n', `  record_route();\n${aim}`),
  ].join('\n')
}
