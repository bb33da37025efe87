/** The functions of exec. */
import { avpsOf } from '../../core/avp.ts'
import { addBranch, newBranch } from '../../core/branch.ts'
import type { PvHandle, Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { printChanged } from '../../sip/print.ts'
import type { Exec } from './exec.ts'

const verdict = (good: boolean): Verdict => (good ? 1 : -1)

const linesOf = (output: string): string[] => output.split('\n').filter(line => line !== '')

export async function execCmd(self: Exec, _msg: SipMessage, command: string): Promise<Verdict> {
  return verdict((await self.run(command, null, {})).good)
}

export async function execMsg(self: Exec, msg: SipMessage, command: string): Promise<Verdict> {
  return verdict((await self.run(command, msg, { input: printChanged(msg) })).good)
}

/** Without names the AVPs are $avp(i:1), $avp(i:2) ... */
export async function execAvp(
  self: Exec,
  msg: SipMessage,
  command: string,
  names?: readonly PvHandle[],
): Promise<Verdict> {
  const { good, output } = await self.run(command, msg, { output: true })
  for (const [i, line] of linesOf(output).entries()) {
    if (names === undefined) avpsOf(msg).push(i + 1, line)
    else names[i]?.set?.(msg, line)
  }
  return verdict(good)
}

/** The first line is the new request URI, the others are branches; no line at all is a failure. */
export async function execDset(self: Exec, msg: SipMessage, command: string): Promise<Verdict> {
  // The URI is the last word of the command; a quote in it must not end the word.
  const uri = msg.uri.replaceAll("'", `'\\''`)
  const { good, output } = await self.run(`${command} '${uri}'`, msg, { output: true })
  const [first, ...others] = linesOf(output)
  if (first === undefined) return -1
  msg.setUri(first)
  for (const other of others) if (!addBranch(self.core, msg, newBranch(other))) return -1
  return verdict(good)
}
