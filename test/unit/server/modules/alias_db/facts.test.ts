import { replayFacts } from '../auth/replay.ts'

replayFacts('alias_db.json')
