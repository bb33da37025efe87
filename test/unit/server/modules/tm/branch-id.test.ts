// The branch parameter by which replies find their transaction.
import { describe, expect, test } from 'vitest'
import { BranchId, branchPrefix } from '../../../../../server/modules/tm/branch-id.ts'

describe('a branch parameter', () => {
  test.for([
    [0, 0, 0],
    [65_535, 0x7fff_ffff, 11],
    [0x12, 0x345, 255],
  ])('of bucket %i, label %i, branch %i is read back', ([bucket, label, branch]) => {
    const id = new BranchId()
    expect(id.read(`${branchPrefix(bucket!, label!)}${branch!.toString(16)}`)).toBe(true)
    expect([id.bucket, id.label, id.branch]).toEqual([bucket, label, branch])
  })

  test.for([
    '',
    'z9hG4bK',
    'z9hG4bK-524287-1---d8754z',
    'z9hG4bK0012.000003450.',
    'z9hG4bK0012.000003450.gg',
    'z9hG4bK0012x000003450.1',
    'z9hG4bK001g.000003450.1',
    'xxxxxxx0012.000003450.1',
    'z9hG4bK0012.000003450.12345',
  ])('of somebody else is none: %s', text => {
    expect(new BranchId().read(text)).toBe(false)
  })
})
