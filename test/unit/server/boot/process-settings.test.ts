import { expect, test } from 'vitest'
import { readOptions } from '../../../../server/boot/options.ts'
import { processSettings } from '../../../../server/boot/process-settings.ts'
import type { Compiled } from '../../../../server/script/index.ts'

type Settings = Compiled['coreSettings']

const settings = (args: string[], coreSettings: Settings) =>
  processSettings(readOptions(['-f', 'k.cfg', ...args]), { coreSettings } as Compiled)

const CONFIG: Settings = [
  { name: 'workdir', value: '/srv' },
  { name: 'user', value: 'sip' },
  { name: 'group', value: 'sip' },
  { name: 'fork', value: 0 },
  { name: 'exit_timeout', value: 5 },
  { name: 'open_files_limit', value: 4096 },
  { name: 'disable_core_dump', value: 1 },
]

test('the config says what the process is to be', () => {
  expect(settings([], CONFIG)).toEqual({
    foreground: true,
    workDir: '/srv',
    user: 'sip',
    group: 'sip',
    exitTimeout: 5,
    openFiles: 4096,
    noCoreFile: true,
  })
})

test('the command line has the last word', () => {
  const own = settings(['-w', '/tmp', '-u', 'me', '-g', 'us', '-DD'], CONFIG)
  expect(own).toMatchObject({ foreground: true, workDir: '/tmp', user: 'me', group: 'us' })
})

test('without a word of either the process goes to the background and keeps its rights', () => {
  expect(settings([], [])).toEqual({
    foreground: false,
    workDir: '',
    user: '',
    group: '',
    exitTimeout: 60,
    openFiles: -1,
    noCoreFile: false,
  })
})
