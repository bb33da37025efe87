// The key of the ssh server is made once, also when several servers begin at the same time.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { hostKey } from '../../../../console/ssh/host-key.ts'

const run = promisify(execFile)

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'host-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('servers that begin at once have one key', async () => {
  const folder = emptyFolder()
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

test('a key that cannot be read is named, with what to do', () => {
  const folder = emptyFolder()
  const path = join(folder, 'ssh_host_ed25519_key')
  writeFileSync(path, 'nonsense\n', { mode: 0o600 })
  expect(() => hostKey(folder)).toThrow(`${path}: Unsupported key format; delete it`)
})
