// The routing of the default configuration as a script: whatever the chapter of that configuration
// tells must be so with it, too. The Lua one is the same file for the real Kamailio.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { readChapter } from '../kit/call-script.ts'
import { DEFAULT_CONFIG, KAMAILIO, type SipServer, startServer } from '../kit/server.ts'
import { Stage } from '../kit/stage.ts'

const TEMPLATES = resolve('templates/kemi')
/** What the configuration itself does is played elsewhere; with scripts it is both chapters. */
const chapters = {
  itself: readChapter(resolve('test/scenario/debian-config.call')),
  again: readChapter(resolve('test/compat/kemi-engines/retransmissions.call')),
}

/** A template as the real Kamailio wants it: with the whole path of the script. */
const withPath = (config: string): string =>
  readFileSync(join(TEMPLATES, config), 'latin1').replace(
    /"(kamailio-basic\.\w+)"/,
    `"${TEMPLATES}/$1"`,
  )

const SERVERS = [
  { what: 'its own language', config: '', original: false },
  { what: 'TypeScript', config: 'kamailio-basic-ts.cfg', original: false },
  { what: 'Lua', config: 'kamailio-basic-lua.cfg', original: false },
  { what: 'the same Lua in the real Kamailio', config: 'kamailio-basic-lua.cfg', original: true },
].filter(({ original }) => original || !KAMAILIO)

describe.for(SERVERS)('the default configuration in $what', ({ config, original }) => {
  let server: SipServer | undefined

  beforeAll(async () => {
    const path = config === '' ? DEFAULT_CONFIG : join(TEMPLATES, config)
    server = await startServer({ config: original ? withPath(config) : path, original })
  })

  afterAll(async () => {
    await server?.stop()
  })

  const scenes = [...(config === '' ? [] : chapters.itself.scenes), ...chapters.again.scenes]
  for (const scene of scenes.filter(one => !original || !one.kamailio))
    test(`${scene.title}`, async () => {
      if (!server) throw new Error('the server did not start')
      await new Stage(server).play(scene, config)
    })
})
