import { expect, test } from 'vitest'
import { type Call, buildCall } from '../../../../rpc/fleet/call.ts'
import { type LadderOptions, drawLadder } from '../../../../rpc/fleet/ladder.ts'
import { textOf } from '../../../../rpc/fleet/line.ts'
import { answeredCall } from '../../../kit/sip-story.ts'

const OPTIONS: LadderOptions = {
  width: 80,
  clock: 'delta',
  brief: false,
  unfold: false,
  scroll: 0,
  ascii: false,
}

const draw = (call: Call, options: Partial<LadderOptions> = {}): string[] => {
  const { head, rows } = drawLadder(call, { ...OPTIONS, ...options })
  return [...head, ...rows.map(row => row.line)].map(line => textOf(line).trimEnd())
}

test('x', () => {
  const call = buildCall(answeredCall().told())!
  console.log(draw(call).join('\n'))
  console.log(draw(call, { width: 120, clock: 'wall' }).join('\n'))
  console.log(draw(call, { width: 50, brief: true }).join('\n'))
  expect(call.lanes.map(lane => lane.name)).toEqual(['alice', 'n1', 'n2', 'bob'])
})
