import { replayFacts } from '../auth/replay.ts'

replayFacts('auth_xkeys.json')
