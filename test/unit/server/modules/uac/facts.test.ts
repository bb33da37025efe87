// What the real Kamailio's uac did, with ours.
import { join } from 'node:path'
import { replayFolder } from './replay.ts'

replayFolder(join(import.meta.dirname, '../../../../compat/uac'))
