// People with phones in a simulated world. They follow RFC 3261 on their side: what is not answered
// is sent again, what comes again is answered again, and everybody gives up in the end.
import { SipText, param, print, uriOf } from '../kit/sip-text.ts'
import type { World } from '../kit/world.ts'

const T1 = 500
const T2 = 4000
const GIVE_UP_MS = 64 * T1

/** Something sent again and again, each time after twice the wait, until somebody stops it. */
class Repeater {
  stopped = false

  constructor(world: World, most: number, send: () => void, giveUp: () => void) {
    const until = world.monotonic() + GIVE_UP_MS
    const again = (wait: number) => {
      if (this.stopped) return
      if (world.monotonic() >= until) {
        this.stopped = true
        giveUp()
        return
      }
      send()
      world.after(wait, () => again(Math.min(wait * 2, most)))
    }
    again(T1)
  }

  stop(): void {
    this.stopped = true
  }
}

export type Ending = 'talked' | 'refused' | 'cancelled' | 'gave up'

/** Makes one call; what comes of it is its ending. */
export class Caller {
  ending: Ending | null = null
  /** The final status of the INVITE. */
  status = 0
  readonly #world: World
  readonly #address: string
  /** The proxies on the way, in order. */
  readonly #way: string[]
  readonly #target: string
  readonly #id: string
  #inviting: Repeater | null = null
  /** BYEs by the tag of the callee. */
  readonly #leaving = new Map<string, Repeater>()
  #cancelling: Repeater | null = null
  /** The ACK to a failure. */
  #ack = ''
  /** The ACK of each dialog by the tag of its callee: a forked call may be answered twice. */
  readonly #dialogs = new Map<string, string>()
  #provisional = false

  constructor(world: World, address: string, way: string[], target: string) {
    this.#world = world
    this.#address = address
    this.#way = way
    this.#target = target
    this.#id = `c${address.replace(/\W/g, '')}`
    world.listen(address, text => this.#receive(new SipText(text)))
  }

  /** Is nothing being sent again and again any more? */
  get quiet(): boolean {
    const all = [this.#inviting, this.#cancelling, ...this.#leaving.values()]
    return all.every(one => one?.stopped !== false)
  }

  call(): void {
    const invite = this.#request('INVITE', this.#target, `z9hG4bKi${this.#id}`, '', this.#routes)
    // RFC 3261 17.1.1.2: timer A doubles without a bound; timer B ends the transaction.
    this.#inviting = new Repeater(
      this.#world,
      GIVE_UP_MS,
      () => this.#send(invite),
      () => void (this.ending ??= 'gave up'),
    )
  }

  /** Takes the call back while it rings. */
  cancel(): void {
    // RFC 3261 9.1: without a provisional response the CANCEL must wait for one.
    if (this.status !== 0 || this.ending || !this.#provisional) return
    const cancel = this.#request('CANCEL', this.#target, `z9hG4bKi${this.#id}`, '', this.#routes)
    this.#cancelling = new Repeater(
      this.#world,
      T2,
      () => this.#send(cancel),
      () => undefined,
    )
  }

  #receive(reply: SipText): void {
    if (reply.isRequest) return
    if (reply.method === 'CANCEL') this.#cancelling?.stop()
    if (reply.method === 'BYE') {
      this.#leaving.get(param(reply.header('To'), 'tag'))?.stop()
      this.ending ??= 'talked'
    }
    if (reply.method !== 'INVITE') return
    this.#inviting?.stop()
    if (reply.status < 200) {
      this.#provisional = true
      return
    }
    if (reply.status >= 300) this.#failed(reply)
    else this.#answered(reply)
  }

  #failed(reply: SipText): void {
    const tag = param(reply.header('To'), 'tag')
    const branch = `z9hG4bKi${this.#id}`
    this.#ack ||= this.#request('ACK', this.#target, branch, tag, this.#routes)
    this.#send(this.#ack)
    if (this.status !== 0) return
    this.status = reply.status
    this.ending = reply.status === 487 ? 'cancelled' : 'refused'
  }

  /** RFC 3261 13.2.2.4: each 2xx of another callee is a dialog; it is acknowledged, and left. */
  #answered(reply: SipText): void {
    this.status = reply.status
    const tag = param(reply.header('To'), 'tag')
    const known = this.#dialogs.get(tag)
    if (known !== undefined) {
      this.#send(known)
      return
    }
    const routes = reply.all('Record-Route').toReversed()
    const target = uriOf(reply.header('Contact'))
    const ack = this.#request('ACK', target, `z9hG4bKa${this.#id}${tag}`, tag, routes)
    this.#dialogs.set(tag, ack)
    this.#send(ack)
    const bye = this.#request('BYE', target, `z9hG4bKb${this.#id}${tag}`, tag, routes)
    this.#world.after(1000 + this.#world.below(5000), () => this.#leave(bye, tag))
  }

  #leave(bye: string, tag: string): void {
    const giveUp = () => void (this.ending ??= 'gave up')
    this.#leaving.set(tag, new Repeater(this.#world, T2, () => this.#send(bye), giveUp))
  }

  get #routes(): string[] {
    return this.#way.map(address => `<sip:${address};lr>`)
  }

  #send(text: string): void {
    this.#world.send(text, this.#address, this.#way[0] ?? '')
  }

  #request(method: string, uri: string, branch: string, tag: string, routes: string[]): string {
    const number = method === 'BYE' ? 2 : 1
    return print(`${method} ${uri} SIP/2.0`, [
      ['Via', `SIP/2.0/UDP ${this.#address};branch=${branch}`],
      ...routes.map((route): [string, string] => ['Route', route]),
      ['Max-Forwards', '70'],
      ['From', `<sip:${this.#id}@example.org>;tag=f`],
      ['To', `<${this.#target}>${tag ? `;tag=${tag}` : ''}`],
      ['Call-ID', this.#id],
      ['CSeq', `${number} ${method}`],
      ['Contact', `<sip:${this.#address}>`],
    ])
  }
}

/** What a callee makes of a call. */
type Leg = {
  answer: string
  repeating: Repeater | null
  cancelled: boolean
  /** Its final status, 0 before. */
  status: number
  acknowledged: boolean
  left: boolean
}

/** Takes calls: rings a while, then answers, or refuses, as chance wills. */
export class Callee {
  readonly #world: World
  readonly #address: string
  /** By Call-ID. */
  readonly #legs = new Map<string, Leg>()
  /** Calls whose INVITE came by more than one branch, which no proxy of ours should cause. */
  readonly strange: string[] = []
  readonly #branches = new Map<string, string>()
  readonly #tag: string

  constructor(world: World, address: string, tag = 't') {
    this.#world = world
    this.#address = address
    this.#tag = tag
    world.listen(address, (text, from) => this.#receive(new SipText(text), from))
  }

  /** Calls that have not come to their end here, as `Call-ID status`. */
  get unfinished(): string[] {
    return [...this.#legs]
      .filter(([, leg]) => !leg.acknowledged || (leg.status < 300 && !leg.left))
      .map(([id, leg]) => `${id} ${leg.status}`)
  }

  #receive(request: SipText, from: string): void {
    if (!request.isRequest) return
    const id = request.header('Call-ID')
    const leg = this.#legs.get(id)
    if (request.method === 'INVITE') this.#invited(request, from, leg)
    else if (request.method === 'ACK') this.#acknowledged(leg)
    else if (request.method === 'CANCEL') this.#cancelled(request, from, leg)
    else if (request.method === 'BYE') {
      this.#reply(request, from, 200)
      if (leg) leg.left = true
    }
  }

  #invited(request: SipText, from: string, leg: Leg | undefined): void {
    const id = request.header('Call-ID')
    const branch = param(request.header('Via'), 'branch')
    const first = this.#branches.get(id)
    if (first !== undefined && first !== branch) this.strange.push(id)
    if (leg) {
      if (leg.answer) this.#world.send(leg.answer, this.#address, from)
      return
    }
    this.#branches.set(id, branch)
    const ringing: Leg = {
      answer: '',
      repeating: null,
      cancelled: false,
      status: 0,
      acknowledged: false,
      left: false,
    }
    this.#legs.set(id, ringing)
    ringing.answer = this.#reply(request, from, 180)
    this.#world.after(500 + this.#world.below(8000), () => {
      if (ringing.cancelled) return
      const chance = this.#world.below(10)
      this.#answer(request, from, ringing, chance < 7 ? 200 : chance < 9 ? 486 : 603)
    })
  }

  #answer(request: SipText, from: string, leg: Leg, status: number): void {
    leg.answer = this.#written(request, status)
    leg.status = status
    leg.repeating = new Repeater(
      this.#world,
      T2,
      () => this.#world.send(leg.answer, this.#address, from),
      () => undefined,
    )
  }

  #acknowledged(leg: Leg | undefined): void {
    leg?.repeating?.stop()
    if (leg) leg.acknowledged = true
  }

  #cancelled(request: SipText, from: string, leg: Leg | undefined): void {
    this.#reply(request, from, leg ? 200 : 481)
    if (!leg || leg.cancelled || leg.repeating) return
    leg.cancelled = true
    const invite = request.text.replace(/CANCEL$/m, 'INVITE').replace(/ CANCEL\r/, ' INVITE\r')
    this.#answer(new SipText(invite), from, leg, 487)
  }

  #reply(request: SipText, from: string, status: number): string {
    const text = this.#written(request, status)
    this.#world.send(text, this.#address, from)
    return text
  }

  #written(request: SipText, status: number): string {
    const to = request.header('To')
    const copied = request.headers.filter(([name]) =>
      /^(via|from|call-id|cseq|record-route)$/i.test(name),
    )
    return print(`SIP/2.0 ${status} Simulated`, [
      ...copied,
      ['To', param(to, 'tag') ? to : `${to};tag=${this.#tag}`],
      ['Contact', `<sip:${this.#address}>`],
    ])
  }
}
