// The times at which rules of drouting hold.
import { describe, expect, it } from 'vitest'
import { Recurrence } from '../../../../../server/modules/drouting/recurrence.ts'

describe('times', () => {
  // Saturday, 21 November 2026, 18:00; the 30th is the last day of that month.
  const now = new Date(2026, 10, 21, 18).getTime()

  it.each([
    ['20261120T000000|P1D|weekly', false],
    ['20261114T000000|P1D|weekly', true],
    ['20261114T000000|P1D|weekly||2', false],
    ['20261107T000000|P1D|weekly||2', true],
    ['20261118T000000|P1D|daily||2', false],
    ['20261117T000000|P1D|daily||2', true],
    ['20261012T000000|P1D|daily|||SA', true],
    ['20261012T000000|P1D|daily|||SU', false],
    ['20261012T000000|P1D|monthly|||MO,TU,WE,TH,FR,SA,SU', false],
    ['20261012T000000|P1D|monthly||||21', true],
    ['20261012T000000|P1D|daily||||-10', true],
    ['20261021T000000|P1D|monthly', true],
    ['20261021T000000|P1D|monthly||2', false],
    ['20260921T000000|P1D|monthly||2', true],
    ['20261012T000000|P1D|monthly|||3SA', true],
    ['20261012T000000|P1D|monthly|||4SA', false],
    ['20251121T000000|P1D|yearly', true],
    ['20251121T000000|P1D|yearly||2', false],
    ['20251021T000000|P1D|yearly', false],
    ['20261012T000000|P1D|daily|||||324', true],
    ['20261012T000000|P1D|daily|||||325', false],
    ['20261012T000000|P1D|daily|||||||11', false],
    ['20261012T000000|P1D|daily||||||46', true],
    ['20261012T000000|P1D|daily|20261121T000000', true],
    ['20261012T000000|P1D|daily|20261120T000000', false],
    ['20261012T000000|PT1H|daily', false],
    ['20261012T170000|PT2H|daily', true],
    ['20261120T000000|P3D', true],
    ['20261118T000000|P1D', false],
    ['20261122T000000', false],
  ])('%s: %s', (text, matches) => expect(new Recurrence(text).matches(now)).toBe(matches))
})
