/** The instance of diversion. */
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { type SipMessage, START } from '../../sip/message.ts'
import type { params } from './diversion.module.ts'

/** One of ours: the next one goes before it. */
class DiversionEdit extends Edit {}

export class Diversion {
  readonly config: ConfigOf<typeof params>

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
  }
}

/** Where the topmost Diversion header stands, or where one would. */
function topmost(msg: SipMessage): number {
  const index = msg.findNamed('diversion')
  return index < 0 ? msg.headersEnd : msg.headers[index + START]!
}

/** add_diversion(): without a URI it is the one that the request came with. */
export function addDiversion(
  _self: Diversion,
  msg: SipMessage,
  reason: string,
  uri: string = msg.originalUri,
): Verdict {
  const edit = new DiversionEdit(topmost(msg), 0, `Diversion: <${uri}>;reason=${reason}\r\n`)
  const { edits } = msg
  const earlier = edits === null ? -1 : edits.findIndex(one => one instanceof DiversionEdit)
  // RFC 5806 section 5.1: the newest one stands on top.
  if (earlier < 0) msg.addEdit(edit)
  else edits!.splice(earlier, 0, edit)
  return 1
}
