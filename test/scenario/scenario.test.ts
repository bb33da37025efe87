// Plays every .call file: one server for a chapter, one test for a scene. People wait most of the
// time, so chapters are played side by side; the scenes of a chapter one after the other.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { readChapter } from '../kit/call-script.ts'
import { DEFAULT_CONFIG, KAMAILIO, type SipServer, startServer } from '../kit/server.ts'
import { Stage } from '../kit/stage.ts'

const here = import.meta.dirname

describe.concurrent.for(globSync('*.call', { cwd: here }).toSorted())('%s', name => {
  const chapter = readChapter(join(here, name))
  let server: SipServer | undefined

  beforeAll(async () => {
    const { config, defines, host } = chapter
    const path = config === 'debian' ? DEFAULT_CONFIG : join(here, 'cfg', config)
    server = await startServer({ config: path, defines, host })
  })

  afterAll(async () => {
    await server?.stop()
  })

  // Where the original errs, the scene is for our server only.
  for (const scene of chapter.scenes.filter(one => !KAMAILIO || !one.kamailio))
    test(`${scene.title}`, { concurrent: false }, async () => {
      if (!server) throw new Error('the server did not start')
      await new Stage(server).play(scene, name)
    })
})
