import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// vitest would keep a core to itself, of two one, and does next to nothing on it.
const workers = Math.max(2, availableParallelism() - 1)
// Tests that start servers and real peers, two files at a time: two cores are soon full of SIPp and
// phones.
const serial = ['test/{peers,scenario,sip,fuzz,sim}/**/*.test.{ts,tsx}']

// What is to happen is waited for as long as a busy machine may take.
const expect = { poll: { timeout: 20_000 } }

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
