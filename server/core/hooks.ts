/**
 * The few places where a module joins the way of every message. A list that nobody joined is null:
 * the path tests for that.
 */
import type { SipMessage } from '../sip/message.ts'
import type { Destination, Received } from '../sip/transport.ts'

/** Before or after the script runs; a pre-script hook that returns false drops the message. */
export type ScriptHook = (msg: SipMessage) => boolean
/** Takes a reply before the core's reply route; true means it is dealt with (tm). */
export type ReplyHook = (msg: SipMessage) => boolean

/**
 * Takes a message between the wire and everybody else (topology hiding) and gives the text that
 * goes on; null when that has to wait: `resume` is then called with the text, or never, which drops
 * it.
 */
export type ArrivalHook = (
  raw: string,
  received: Received,
  resume: (text: string) => void,
) => string | null
/** The same on the way out, where nothing waits. */
export type DepartureHook = (text: string, to: Destination) => string

export class Hooks {
  /** May put another text in the place of what came in, before anybody else sees it (corex). */
  onPacket: ((raw: string, received: Received) => string) | null = null
  /** What came in as others than those on the wire are to see it. */
  arrivals: ArrivalHook[] | null = null
  /** Before a message is read (event_route[core:msg-received]); false drops it. */
  onReceived: ((text: string, received: Received) => boolean) | null = null
  /** The text that came in, while event_route[core:msg-received] runs ($rcv). */
  packet: string | null = null
  /** What is none of SIP (event_route[core:receive-parse-error]). */
  onParseError: ((msg: SipMessage) => void) | null = null
  /** What is none of SIP, before that is refused (nosip): true means taken. */
  onNoSip: ReplyHook | null = null
  /** Requests and replies before anything else (event_route[core:pre-routing]). */
  preRouting: ScriptHook | null = null
  preRequest: ScriptHook[] | null = null
  postRequest: ScriptHook[] | null = null
  preReply: ScriptHook[] | null = null
  postReply: ScriptHook[] | null = null
  onReply: ReplyHook | null = null
  /** Has this request a transaction already (tm)? */
  isKnown: ((msg: SipMessage) => boolean) | null = null
  /** HTTP requests on a SIP stream socket (xhttp): true means taken. */
  onHttp: ReplyHook | null = null
  /** More names for "is this us" (domain module): host, port or 0, transport or 0. */
  isMyself: ((host: string, port: number, proto: number) => boolean)[] | null = null

  /** Gives a function that takes back whatever joins from now on. */
  mark(): () => void {
    const fields = Object.fromEntries(Object.entries(this))
    return () => void Object.assign(this, fields)
  }

  addArrival(hook: ArrivalHook): void {
    this.arrivals = [...(this.arrivals ?? []), hook]
  }
  addPreRequest(hook: ScriptHook): void {
    this.preRequest = [...(this.preRequest ?? []), hook]
  }
  addPostRequest(hook: ScriptHook): void {
    this.postRequest = [...(this.postRequest ?? []), hook]
  }
  addPreReply(hook: ScriptHook): void {
    this.preReply = [...(this.preReply ?? []), hook]
  }
  addPostReply(hook: ScriptHook): void {
    this.postReply = [...(this.postReply ?? []), hook]
  }
}
