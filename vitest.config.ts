import { defineConfig } from 'vitest/config'

// Tests that start servers and real peers, two files at a time: two cores are soon full of SIPp and phones.
const serial = ['test/{peers,scenario,sip,fuzz,sim}/**/*.test.{ts,tsx}']

export default defineConfig({
  test: {
    globalSetup: 'test/setup/temporary-folder.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: serial,
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'servers',
          include: serial,
          testTimeout: 60_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          globalSetup: 'test/setup/build.ts',
          setupFiles: 'test/setup/stop-children.ts',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
