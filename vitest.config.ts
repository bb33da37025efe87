import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './test/kit/patience.ts'

// vitest would keep a core to itself, of two one, and does next to nothing on it.
const workers = Math.max(2, availableParallelism() - 1)
// Tests that start servers and real peers, two files at a time: two cores are soon full of SIPp and
// phones.
const serial = ['test/{peers,scenario,sip,fuzz,sim}/**/*.test.{ts,tsx}']

const expect = { poll: { timeout: PATIENCE_MS } }

export default defineConfig({
  test: {
    globalSetup: 'test/setup/temporary-folder.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: serial,
          expect,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: workers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'servers',
          include: serial,
          expect,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          globalSetup: 'test/setup/build.ts',
          setupFiles: 'test/setup/stop-children.ts',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
