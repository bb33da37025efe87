/**
 * SIGTERM and SIGINT stop the node in order; SIGHUP and SIGPIPE do not stop it; a second SIGTERM
 * does not wait.
 */
export function onStopSignal(stop: (signal: string) => void): void {
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1)
      asked = true
      stop(signal)
    })
  }
  // A daemon outlives the terminal that started it; a closed pipe is a write error, not an end.
  process.on('SIGHUP', () => {})
  process.on('SIGPIPE', () => {})
}
