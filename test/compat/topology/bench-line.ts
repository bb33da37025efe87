// The story in a node without sockets.
import { setTimeout as pause } from 'node:timers/promises'
import type { Bench } from '../../kit/bench.ts'
import type { Line } from './story.ts'

/** Milliseconds until something must have been sent, and in which the rest follows it. */
const PATIENCE = 250
const REST = 15
/** Until all is there of which it is known how much comes: for however busy the machine is. */
const LONG = 5000

/** `echoes`: how many messages follow from each that is said, where that is known. */
export const benchLine = (bench: Bench, echoes: readonly number[] = []): Line => {
  let said = 0
  return async (port, text) => {
    const before = bench.sent.length
    const wanted = echoes[said++]
    // What goes elsewhere nobody hears.
    const heard = () => bench.sent.slice(before).filter(({ to }) => to.ip === '127.0.0.1')
    bench.receive(text, port)
    const until = Date.now() + (wanted === undefined ? PATIENCE : LONG)
    while (heard().length < (wanted ?? 1) && Date.now() < until) await pause(1)
    // What comes later yet is found with what follows from the next one.
    await pause(wanted ? 1 : REST)
    return heard().map(({ text: got, to }) => ({ port: to.port, text: got }))
  }
}
