// The key of the ssh server is made once, also when several servers begin at the same time.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)

test('servers that begin at once have one key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'host-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const module = resolve('console/ssh/host-key.ts')
  const script = `import { hostKey } from ${JSON.stringify(module)}
    process.stdout.write(hostKey(${JSON.stringify(folder)}))`
  const all = await Promise.all(
    Array.from({ length: 4 }, () => run('node', ['--input-type=module', '-e', script])),
  )
  const keys = new Set(all.map(({ stdout }) => stdout))
  expect(keys.size).toBe(1)
  expect([...keys][0]).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----[^]*-----END/)
  expect(readdirSync(folder).toSorted()).toEqual([
    'ssh_host_ed25519_key',
    'ssh_host_ed25519_key.pub',
  ])
})
