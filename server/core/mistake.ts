/** Mistakes of our own over a message: logged with its Call-ID, and survived. */
import { L_BUG, type Log } from './log.ts'

/** `what` became of it: `message dropped`. `raw` is the message. */
export function logMistake(log: Log, what: string, raw: string, error: unknown): void {
  const callId = /^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*)/im.exec(raw)?.[1] ?? 'unknown'
  const place = log.emitted.place(error)
  const where = place === '' ? '' : ` at ${place}`
  log.write(L_BUG, '<core>', `${what}${where} (Call-ID ${callId}): ${log.emitted.stack(error)}`)
}
