/** What log lines say of the message that is being processed: log_prefix and Call-ID. */
import type { Core } from '../core/core.ts'
import { eventMessage } from '../core/event-message.ts'
import type { LogContext } from '../core/log.ts'
import type { Format } from '../core/module/index.ts'
import type { SipMessage } from '../sip/message.ts'

// ---- log_prefix_mode
const FOR_EVERY_LINE = 1
const WITHOUT_MESSAGE = 2

/** Whatever a script does, these stay as they came: their text may wait until a line needs it. */
const LASTING = /^(?:[^$]|\$(?:mt|ci|rm|cs|si|sp|Ri|Rp|hdr\((?:CSeq|Call-ID)\))(?!\w))*$/

export class MessageContext implements LogContext {
  private readonly core: Core
  /** null when log_prefix is not set. */
  private readonly format: Format | null
  private readonly mode: number
  /** What a script changes later must not show. */
  private readonly atOnce: boolean
  private message: SipMessage | null = null
  /** The message that `text` was made for. */
  private owner: SipMessage | null = null
  private text = ''
  /** What the format complains about must not ask for the format again. */
  private busy = false

  constructor(core: Core) {
    const { log_prefix, log_prefix_mode } = core.params
    this.core = core
    this.format = log_prefix === '' ? null : core.formats.compile(log_prefix)
    this.mode = log_prefix_mode
    this.atOnce = this.mode !== FOR_EVERY_LINE && !LASTING.test(log_prefix)
  }

  begin(msg: SipMessage | null): void {
    this.message = msg
    if (msg === null) this.owner = null
    else if (this.atOnce) this.prefix()
  }

  callId(): string {
    return (this.core.routes.current ?? this.message)?.callId ?? ''
  }

  prefix(): string {
    const msg = this.core.routes.current ?? this.message
    if (this.format === null || this.busy) return ''
    if (msg === null) return this.withoutMessage()
    if (msg !== this.owner || this.mode === FOR_EVERY_LINE) {
      this.text = this.make(msg)
      this.owner = msg
    }
    return this.text
  }

  private withoutMessage(): string {
    const [socket] = this.core.sockets.list
    const wanted = (this.mode & WITHOUT_MESSAGE) !== 0 && socket !== undefined
    return wanted ? this.make(eventMessage(socket)) : ''
  }

  private make(msg: SipMessage): string {
    this.busy = true
    try {
      return this.format!(msg)
    } finally {
      this.busy = false
    }
  }
}
