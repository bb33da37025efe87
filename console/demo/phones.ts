/**
 * The process of the demo's phones: `phones.js 5060 5062 5064`. It ends when standard input ends.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { DOMAIN, act, mannersOf, subscribers } from './cast.ts'
import { Phone } from './phone.ts'

const EXPIRES = 60
const REGISTER_EVERY_MS = 25_000
/** Time between two calls; enough to see, not so much that nothing can be found again. */
const CALL_EVERY_MS = 1500

const ports = process.argv.slice(2).map(Number)
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort())
process.stdin
  .on('end', () => stop.abort())
  .on('error', () => stop.abort())
  .resume()

const phones = new Map<string, Phone>()
for (const subscriber of subscribers) {
  const port = ports[subscriber.home % ports.length]!
  const manners = mannersOf(subscriber, Math.random)
  phones.set(subscriber.user, await Phone.open(subscriber.user, DOMAIN, port, manners))
}
const register = (seconds: number): void => {
  for (const phone of phones.values()) phone.register(seconds)
}
register(EXPIRES)
const registering = setInterval(() => register(EXPIRES), REGISTER_EVERY_MS)

while (!stop.signal.aborted) {
  await pause(CALL_EVERY_MS * (0.5 + Math.random()), null, { signal: stop.signal }).catch(
    () => null,
  )
  if (!stop.signal.aborted) act(phones, Math.random)
}
clearInterval(registering)
for (const phone of phones.values()) phone.close()
