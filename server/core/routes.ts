/**
 * The compiled routing script, as the core and the modules run it: which blocks there are, and how
 * one is run for a message.
 */
import type { SipMessage } from '../sip/message.ts'
import type { CfgFramework } from './cfg.ts'
import type { Log } from './log.ts'
import type { RouteBlock, RouteKind } from './module/index.ts'
import type { Sending } from './outgoing.ts'
import { progress, SCRIPT_RUNNING } from './script-state.ts'
import { type Steps, WaitingRun } from './waiting-run.ts'

/** How a run came to its end that had to wait. */
export interface RouteEnd {
  /** The script's return code. */
  readonly code: number
  /** SCRIPT_RUNNING, SCRIPT_EXIT or SCRIPT_DROP. */
  readonly ended: number
}

/** The code of a run, also of one that has to wait. */
export const codeOf = (end: number | Promise<RouteEnd>): number | Promise<number> =>
  typeof end === 'number' ? end : end.then(({ code }) => code)

/** The route blocks of one generation of the config. */
export class RouteTable {
  /** The main request route; null in a config without one. */
  request: RouteBlock | null = null
  /** reply_route / onreply_route without a name. */
  reply: RouteBlock | null = null
  onsend: RouteBlock | null = null
  /** Preprocessor names with their texts, in order. */
  readonly defines: ReadonlyMap<string, string>
  /** `file:line` of the config for a line of the code that runs; null where it has none. */
  placeOf: (line: number) => string | null = () => null
  private readonly blocks = new Map<string, RouteBlock>()

  constructor(defines: ReadonlyMap<string, string> = new Map()) {
    this.defines = defines
  }

  add(block: RouteBlock): void {
    if (block.kind === 'request') this.request = block
    else if (block.kind === 'onreply' && block.name === '') this.reply = block
    else if (block.kind === 'onsend') this.onsend = block
    this.blocks.set(`${block.kind} ${block.name}`, block)
  }

  find(kind: RouteKind, name: string): RouteBlock | null {
    return this.blocks.get(`${kind} ${name}`) ?? null
  }

  all(): RouteBlock[] {
    return [...this.blocks.values()]
  }
}

export class Routes {
  /** What runs for a request, for a reply, and before a message is sent; null for nothing. */
  request: RouteBlock | null = null
  reply: RouteBlock | null = null
  onsend: RouteBlock | null = null
  /** The message whose route is running, for log_prefix; null between messages. */
  current: SipMessage | null = null
  /**
   * How the last run ended: SCRIPT_RUNNING (it fell off its end or returned), SCRIPT_EXIT or
   * SCRIPT_DROP.
   */
  ended = SCRIPT_RUNNING
  /** The message that an onsend_route is about; null outside of one. */
  sending: Sending | null = null
  /** The generation whose block is running; null between messages. */
  home: RouteTable | null = null
  /** Runs that wait for something now. */
  waiting = 0
  readonly log: Log
  /** A message may see values of its own there (cfg_select), also behind a wait. */
  readonly cfg: CfgFramework
  private inForce = new RouteTable()
  private readonly followers: (() => void)[] = []

  constructor(log: Log, cfg: CfgFramework) {
    this.log = log
    this.cfg = cfg
  }

  /** The generation in force. */
  get table(): RouteTable {
    return this.inForce
  }

  /**
   * Puts a generation in force: the next message runs its blocks. Blocks of the one before stay
   * what they are for those who hold them, as transactions do.
   */
  replace(table: RouteTable): void {
    this.inForce = table
    this.request = table.request
    this.reply = table.reply
    this.onsend = table.onsend
    for (const look of this.followers) look()
  }

  /** Looks now and whenever the blocks are replaced: for who keeps a block that it looked up. */
  follow(look: () => void): void {
    this.followers.push(look)
    look()
  }

  /** Ends all following that began behind this many; gives how many there are. */
  followersUpTo(count = this.followers.length): number {
    this.followers.length = count
    return count
  }

  /** A block by its name. A block that is running finds those of its own generation. */
  find(kind: RouteKind, name: string): RouteBlock | null {
    return (this.home ?? this.inForce).find(kind, name)
  }

  all(): RouteBlock[] {
    return this.inForce.all()
  }

  /** The defines of the generation whose block is running, else of the one in force. */
  get defines(): ReadonlyMap<string, string> {
    return (this.home ?? this.inForce).defines
  }

  /**
   * Runs a block for a message as a route of this type. Gives the script's return code, and `ended`
   * tells how it ended; or, when it has to wait, the promise of both, which is never rejected.
   * Nested runs (a branch route inside t_relay) restore what they found, and so does each part of
   * a run that waits.
   */
  run(block: RouteBlock, msg: SipMessage, routeType: number): number | Promise<RouteEnd> {
    const code = this.begin(block, msg, routeType)
    return typeof code === 'number'
      ? code
      : new WaitingRun(this, code, block, msg, routeType).begin()
  }

  /** The same where the result is needed at once: functions that would have to wait fail. */
  runNow(block: RouteBlock, msg: SipMessage, routeType: number): number {
    const code = this.begin(block, msg, routeType)
    return typeof code === 'number'
      ? code
      : new WaitingRun(this, code, block, msg, routeType).finishNow()
  }

  private begin(block: RouteBlock, msg: SipMessage, routeType: number): number | Steps {
    const previousMessage = this.current
    const previousHome = this.home
    const previousType = msg.routeType
    const previousState = msg.scriptState
    const { failed } = progress
    this.current = msg
    this.home = block.home ?? null
    msg.routeType = routeType
    msg.scriptState = SCRIPT_RUNNING
    progress.failed = false
    const code = block.run(msg)
    // Nobody asks whether an expression failed in the midst of which the script was ended.
    progress.failed = failed
    this.ended = msg.scriptState
    msg.scriptState = previousState
    msg.routeType = previousType
    this.home = previousHome
    this.current = previousMessage
    return code
  }

  /** After an error that left a run unfinished: nothing is running now. */
  reset(): void {
    this.current = null
    this.sending = null
    this.home = null
    progress.failed = false
  }
}
