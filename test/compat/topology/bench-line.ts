// The story in a node without sockets.
import { setTimeout as pause } from 'node:timers/promises'
import type { Bench } from '../../kit/bench.ts'
import type { Line } from './story.ts'

/** Milliseconds until something must have been sent, and in which the rest follows it. */
const PATIENCE = 250
const REST = 15

export const benchLine =
  (bench: Bench): Line =>
  async (port, text) => {
    const before = bench.sent.length
    bench.receive(text, port)
    const until = Date.now() + PATIENCE
    while (bench.sent.length === before && Date.now() < until) await pause(2)
    await pause(REST)
    return bench.sent.slice(before).map(({ text: got, to }) => ({ port: to.port, text: got }))
  }
