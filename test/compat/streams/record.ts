// Records with the real Kamailio what it answers over TCP, and writes it into stories.json:
// node test/compat/streams/record.ts A story is added by hand; the rest is Kamailio's.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FOLDER, play, readStories, SCRIPT } from './facts.ts'

const PORT = 24_072
const folder = mkdtempSync(join(tmpdir(), 'facts-tcp-'))
const config = join(folder, 'k.cfg')
writeFileSync(config, SCRIPT.replace('children=1', `children=1\nlisten=tcp:127.0.0.1:${PORT}`))
const folders = ['-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
const kamailio = spawn('kamailio', ['-f', config, '-DD', '-E', '-m', '64', '-M', '8', ...folders])
await pause(1500)

const stories = readStories()
for (const story of stories) story.came = await play(PORT, story, 200)
writeFileSync(join(FOLDER, 'stories.json'), `${JSON.stringify(stories, null, 2)}\n`)
kamailio.kill('SIGTERM')
await new Promise(done => kamailio.once('exit', done))
rmSync(folder, { recursive: true })
