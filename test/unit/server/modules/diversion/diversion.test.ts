// What the real Kamailio's diversion did, with ours.
import { join } from 'node:path'
import { replayFolder } from '../uac/replay.ts'

replayFolder(join(import.meta.dirname, '../../../../compat/diversion'))
