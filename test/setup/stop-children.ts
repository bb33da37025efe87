// After each test file: no server, phone or tool that it started stays behind, whatever happened.
import { afterAll } from 'vitest'
import { stopAll } from '../kit/child.ts'

afterAll(stopAll)
