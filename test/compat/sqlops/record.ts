/**
 * Asks the real Kamailio about the cases of sqlops and writes answers.json.
 * Run: node test/compat/sqlops/record.ts (needs Debian's kamailio; loopback only)
 */
import { recordTables } from '../../kit/case-recording.ts'
import * as cases from './cases.ts'

await recordTables(import.meta.dirname, cases)
