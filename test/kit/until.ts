// Waits for something to become true, however busy the machine is.
import { vi } from 'vitest'
import { PATIENCE_MS } from './patience.ts'

export const until = <T>(condition: () => T | Promise<T>, interval = 5): Promise<T> =>
  vi.waitUntil(condition, { timeout: PATIENCE_MS, interval }) as Promise<T>
