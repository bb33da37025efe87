/** Session timers (RFC 4028), as far as they go without dialogs. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import { INVITE } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SlApi } from '../sl/api.ts'
import type { needs, params } from './sst.module.ts'

export class SessionTimers {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly sl: SlApi

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config } = env
    this.core = env.core
    this.config = config
    this.sl = env.apis.sl
    for (const [name, isSet] of [
      ['sst_flag', config.sst_flag >= 0],
      ['timeout_avp', config.timeout_avp !== ''],
    ] as const) {
      if (isSet) {
        throw new BadValue(
          `sst: ${name} needs the module dialog, which is not there yet`,
          'leave it out: sstCheckMin() works without',
        )
      }
    }
  }
}

/** The seconds of Session-Expires, in either of its names; null when there are none. */
function sessionExpires(msg: SipMessage): number | null {
  let index = msg.findNamed('session-expires')
  if (index < 0) index = msg.findNamed('x')
  if (index < 0) return null
  const [seconds = ''] = msg.bodyAt(index).split(';')
  return /^\s*\d{1,9}\s*$/.test(seconds) ? Number(seconds) : null
}

/**
 * sstCheckMin(): is the session interval of an INVITE too short? RFC 4028 section 8.1: then a proxy
 * may answer 422 with the least one that it takes.
 */
export function checkMinimum(self: SessionTimers, msg: SipMessage, answer: number): Verdict {
  if (!msg.isRequest || msg.methodBit !== INVITE) return -1
  const { min_se: least } = self.config
  const interval = sessionExpires(msg)
  if (interval === null || interval >= least) return -1
  if (answer !== 0) {
    msg.replyLumps = [...(msg.replyLumps ?? []), `Min-SE: ${least}\r\n`]
    self.sl.sendReply(msg, 422, 'Session Timer Too Small')
  }
  return 1
}
