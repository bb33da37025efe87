import { replayFacts } from './replay.ts'

replayFacts('auth.json')
