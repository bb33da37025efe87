// What the real Kamailio's uac_redirect did, with ours.
import { join } from 'node:path'
import { replayFolder } from '../uac/replay.ts'

replayFolder(join(import.meta.dirname, '../../../../compat/uac_redirect'))
