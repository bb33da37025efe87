import { replayFacts } from '../auth/replay.ts'

replayFacts('group.json')
