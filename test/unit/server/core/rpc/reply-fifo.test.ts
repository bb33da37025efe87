import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  linkSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replyPath, writeReply } from '../../../../../server/core/rpc/reply-fifo.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohana-fifo-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fifo = (name: string): string => {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

describe('the name of a reply FIFO', () => {
  test.for([
    ['kamailio_receiver_123', '/tmp/kamailio_receiver_123'],
    ['../etc/passwd', null],
    ['a/b', null],
    ['a.b', null],
    ['a\\b', null],
    ['', null],
    ['a\0b', null],
    ['x'.repeat(200), null],
  ] as const)('%s', ([name, path]) => {
    expect(replyPath('/tmp/', name)).toBe(path)
  })
})

describe('writing a reply', () => {
  test('waits a moment for the reader, and gives all of a long one', async () => {
    const path = fifo('reply')
    const long = `${'é'.repeat(300_000)}end`
    const written = writeReply(path, long)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(await text(createReadStream(path, 'latin1'))).toBe(long)
    await written
  })

  test('gives up when nobody reads', async () => {
    await expect(writeReply(fifo('reply'), 'x')).rejects.toThrow('ENXIO')
  })

  test('does not write into what is no FIFO, nor through links', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'precious')
    await expect(writeReply(file, 'x')).rejects.toThrow('is not a fifo')

    const real = fifo('real')
    const reader = createReadStream(real)
    reader.on('error', () => {})
    symlinkSync(real, join(folder, 'soft'))
    await expect(writeReply(join(folder, 'soft'), 'x')).rejects.toThrow('soft link')
    linkSync(real, join(folder, 'hard'))
    await expect(writeReply(join(folder, 'hard'), 'x')).rejects.toThrow('hard-linked')
    reader.destroy()
  })
})
