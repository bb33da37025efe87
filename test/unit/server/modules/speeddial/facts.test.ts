import { replayFacts } from '../auth/replay.ts'

replayFacts('speeddial.json')
