import { replayFacts } from '../auth/replay.ts'

replayFacts('uri_db.json')
