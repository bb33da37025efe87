// Waits for something to become true, however busy the machine is.
import { vi } from 'vitest'

/** As long as `expect.poll` waits (vitest.config.ts). */
const PATIENCE_MS = 20_000

export const until = <T>(condition: () => T | Promise<T>, interval = 5): Promise<T> =>
  vi.waitUntil(condition, { timeout: PATIENCE_MS, interval }) as Promise<T>
