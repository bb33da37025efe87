import { describe, expect, test } from 'vitest'
import { readPipe, readQueue } from '../../../../../server/modules/ratelimit/ratelimit.ts'
import ratelimit from '../../../../../server/modules/ratelimit/ratelimit.module.ts'
import { testModules } from '../modules-for-test.ts'

describe('parameters', () => {
  test.for([
    ['x', '"x" is no pipe'],
    ['0:taildrop:1', 'unknown algorithm taildrop'],
    ['0:TAILDROP', '"0:TAILDROP" is no pipe'],
    ['32:TAILDROP:1', 'pipe 32 is not below 32'],
  ])('%s is no pipe', ([text = '', why = '']) => {
    expect(() => readPipe(text)).toThrow(why)
  })

  test.for([
    ['x', '"x" is no queue'],
    [':INVITE', '":INVITE" is no queue'],
    ['32:INVITE', 'pipe 32 is not below 32'],
  ])('%s is no queue', ([text = '', why = '']) => {
    expect(() => readQueue(text)).toThrow(why)
  })

  test('of FEEDBACK pipes must want one load', () => {
    const pipes = ['0:FEEDBACK:50', '1:FEEDBACK:60'].map(
      value => ['ratelimit', 'pipe', value] as const,
    )
    expect(() => testModules([ratelimit], pipes)).toThrow('must be equal for all pipes')
  })

  test('may name ten queues', () => {
    const queues = Array.from({ length: 11 }, (_, i) => ['ratelimit', 'queue', `0:M${i}`] as const)
    expect(() => testModules([ratelimit], queues)).toThrow('more than 10 queues')
  })
})
