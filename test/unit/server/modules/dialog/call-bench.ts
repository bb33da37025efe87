// A node that keeps dialogs, without a network and on a clock of its own, and what two phones say.
import type { Dialog } from '../../../../../server/modules/dialog/api.ts'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { Bench } from '../../../../kit/bench.ts'
import { PEER_PORT } from '../../../../kit/bench-ports.ts'
import { param, print, SipText } from '../../../../kit/sip-text.ts'

export const ALICE = PEER_PORT
export const BOB = PEER_PORT + 10
export const CAROL = PEER_PORT + 20

/** Relays; calls are kept, requests within them find them by themselves. */
export const ROUTES = `
request_route {
	if (is_method("CANCEL")) {
		if (t_check_trans()) t_relay();
		exit;
	}
	if (has_totag()) {
		loose_route();
		t_relay();
		exit;
	}
	record_route();
	route(CALL);
	t_relay();
}
`
export const CALL = 'route[CALL] { dlg_manage(); }\n'

const MODULES = [
  'tm',
  'tmx',
  'sl',
  'rr',
  'pv',
  'textops',
  'siputils',
  'xlog',
  'corex',
  'cfgutils',
  'dialog',
]

type Headers = [name: string, value: string][]

export class CallBench {
  readonly bench: Bench
  private readonly time: { milliseconds: number }
  private taken = 0
  private branches = 0

  private constructor(bench: Bench, time: CallBench['time']) {
    this.bench = bench
    this.time = time
  }

  /** `settings` are parameters of dialog. */
  static async start(
    routes = ROUTES + CALL,
    settings: Record<string, string | number> = {},
  ): Promise<CallBench> {
    const time = { milliseconds: 0 }
    const clock = {
      now: () => 1_800_000_000_000 + time.milliseconds,
      monotonic: () => time.milliseconds,
    }
    const lines = ['debug=0', 'auto_aliases=no', 'server_signature=no']
    for (const name of MODULES) lines.push(`loadmodule "${name}.so"`)
    for (const [name, value] of Object.entries(settings))
      lines.push(`modparam("dialog", "${name}", ${JSON.stringify(value)})`)
    return new CallBench(await Bench.start(`${lines.join('\n')}\n${routes}`, clock), time)
  }

  /** On a node that is there already; its time is not ours. */
  static over(bench: Bench): CallBench {
    return new CallBench(bench, { milliseconds: 0 })
  }

  get dialogs(): Dialogs {
    return this.bench.host.instance('dialog') as Dialogs
  }

  /** The only one. */
  get dialog(): Dialog {
    const [dialog, ...others] = this.dialogs.table.all()
    if (dialog === undefined || others.length > 0)
      throw new Error(`there are ${this.dialogs.table.size} dialogs`)
    return dialog
  }

  count(name: string): number {
    return this.bench.core.counters.find('dialog', name)!.current()
  }

  /** Lines of the log of dialog and of the script. */
  get log(): string[] {
    return this.bench.lines
      .filter(({ source }) => source === 'dialog' || source === '<script>')
      .map(({ text }) => text.trim())
  }

  pass(seconds: number): void {
    for (let left = seconds * 1000; left > 0; left -= 50) {
      this.time.milliseconds += 50
      this.bench.core.timers.run()
    }
  }

  /** What has left since the last time for a port. */
  heard(port: number): SipText[] {
    const news = this.bench.sent.slice(this.taken)
    this.taken = this.bench.sent.length
    return news.filter(({ to }) => to.port === port).map(({ text }) => new SipText(text))
  }

  /** The first of these that is such a request or reply. */
  one(port: number, what: string): SipText {
    const all = this.heard(port)
    const found = all.find(({ first }) => first.includes(what))
    if (found !== undefined) return found
    throw new Error(`no ${what} for ${port}, but ${all.map(({ first }) => first).join('; ')}`)
  }

  send(port: number, first: string, headers: Headers): void {
    this.bench.receive(print(first, headers), port)
  }

  request(
    port: number,
    method: string,
    callId: string,
    more: { tags?: [string, string]; cseq?: number; uri?: string; headers?: Headers } = {},
  ): void {
    const [fromTag, toTag] = more.tags ?? ['a', '']
    const uri = more.uri ?? `sip:bob@127.0.0.1:${BOB}`
    const [from, to] = port === ALICE ? ['alice', 'bob'] : ['bob', 'alice']
    this.send(port, `${method} ${uri} SIP/2.0`, [
      ['Via', `SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${callId}${++this.branches}`],
      ['From', `<sip:${from}@example.net>;tag=${fromTag}`],
      ['To', `<sip:${to}@example.net>${toTag === '' ? '' : `;tag=${toTag}`}`],
      ['Call-ID', callId],
      ['CSeq', `${more.cseq ?? 1} ${method}`],
      ...(more.headers ?? [['Contact', `<sip:phone@127.0.0.1:${port}>`]]),
    ])
  }

  reply(port: number, request: SipText, status: number, tag = 'b', headers?: Headers): void {
    const to = request.header('To')
    this.send(port, `SIP/2.0 ${status} Test`, [
      ...request.headers.filter(([name]) => /^(via|from|call-id|cseq|record-route)$/i.test(name)),
      ['To', param(to, 'tag') === '' ? `${to};tag=${tag}` : to],
      ...(headers ?? [['Contact', `<sip:phone@127.0.0.1:${port}>`]]),
    ])
  }

  /** Alice calls Bob, who answers; gives the routes that she has learnt. */
  talk(callId: string): Headers {
    this.request(ALICE, 'INVITE', callId)
    this.reply(BOB, this.one(BOB, 'INVITE'), 200)
    const routes = routesIn(this.one(ALICE, ' 200 '))
    const headers = routes
    this.request(ALICE, 'ACK', callId, { tags: ['a', 'b'], headers })
    this.heard(BOB)
    return headers
  }
}

export const routesIn = (reply: SipText): Headers =>
  reply
    .all('Record-Route')
    .toReversed()
    .map(route => ['Route', route])
