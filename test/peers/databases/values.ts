// Values of all types, there and back.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DbType, DbValue } from '../../../server/core/db/api.ts'
import type { DatabaseStage, Trait } from './stage.ts'

/** A text as the bytes of its UTF-8: as SIP messages have it. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

const ALL_BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

const TEXTS: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'a word': 'alice',
  'blanks around': '  alice  ',
  quotes: `it's "so" \`called\``,
  backslashes: 'C:\\temp\\new',
  'what ends a statement': `'); DROP TABLE people; --`,
  percent: '100% _underlined_ $1 ?',
  'line ends and tabs': 'one\r\ntwo\tthree',
  'a colon, as in URIs': 'sip:alice@example.org:5060;transport=tcp',
  umlauts: utf8('Jürgen Groß'),
  Chinese: utf8('你好'),
  'an emoji': utf8('☎ 📞'),
  '255 letters': 'x'.repeat(255),
  digits: '0049',
  'the word null': 'NULL',
}

const TIMES: Readonly<Record<string, number>> = {
  'a day of 2023': 1_700_000_000,
  'the first second of 2000': 946_684_801,
  midsummer: 1_750_000_001,
  'before a change of clocks': 1_698_537_599,
  'beyond 2038': 2_200_000_000,
  'Kamailio’s never': 1_906_233_135,
}

const BLOBS: Readonly<Record<string, string>> = {
  empty: '',
  text: '<presence/>',
  'every byte': ALL_BYTES,
  'bytes that are no UTF-8': '\xff\xfe\x80',
  zeros: 'a\0b\0',
  'many bytes': ALL_BYTES.repeat(64),
}

interface Case {
  readonly column: string
  readonly what: string
  readonly value: DbValue
  readonly needs?: Trait
}

const cases: Case[] = [
  ...[0, 1, -1, 42, 2_147_483_647, -2_147_483_648].map(value => ({
    column: 'age',
    what: String(value),
    value,
  })),
  ...[0, 4_294_967_296, -4_294_967_297, Number.MAX_SAFE_INTEGER].map(value => ({
    column: 'account',
    what: String(value),
    value,
  })),
  ...[9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n].map(
    value => ({
      column: 'account',
      what: String(value),
      value,
      needs: 'long numbers' as const,
    }),
  ),
  ...[0, 1.5, -0.25, 1e10, 123.456].map(value => ({
    column: 'height',
    what: String(value),
    value,
  })),
  ...Object.entries(TEXTS).map(([what, value]) => ({ column: 'note', what, value })),
  ...Object.entries(TIMES).map(([what, value]) => ({ column: 'born', what, value })),
  ...Object.entries(BLOBS).map(([what, value]) => ({
    column: 'photo',
    what,
    value,
    needs: 'blobs' as const,
  })),
  ...['age', 'account', 'height', 'note', 'born', 'photo'].map(column => ({
    column,
    what: 'null',
    value: null,
    needs: 'null' as const,
  })),
]

const DECLARED: Readonly<Record<string, DbType>> = {
  name: 'string',
  age: 'int',
  account: 'bigint',
  height: 'double',
  born: 'datetime',
  note: 'string',
  photo: 'blob',
}

export function values(stage: DatabaseStage): void {
  const mine = cases.filter(({ needs }) => needs === undefined || stage.has(needs))

  describe('a value comes back as it went', () => {
    test.each(mine)('$column: $what', async ({ column, value }) => {
      await stage.insert({ name: 'bob', [column]: value })
      expect(await stage.rows({ columns: [column] })).toEqual([[value]])
    })
  })

  describe('a row is found by its value', () => {
    // A value without an end is not compared for being the same, and blobs are not compared.
    const found = mine.filter(({ column, what }) => column !== 'photo' && what !== '123.456')
    test.each(found)('$column: $what', async ({ column, value }) => {
      await stage.insert({ name: 'bob', [column]: value })
      await stage.insert({ name: 'eve', [column]: column === 'note' ? 'other' : 77 })
      expect(await stage.names([stage.where(column, value)])).toEqual(['bob'])
    })
  })

  test('bytes that are no UTF-8 do not break a text', async () => {
    await stage.insert({ name: 'bob', note: 'caf\xe9' })
    const [row] = await stage.rows({ columns: ['name', 'note'] })
    expect(row?.[0]).toBe('bob')
    expect(String(row?.[1])).toMatch(/^caf./)
  })

  stage.when('types').each(Object.entries(DECLARED))(
    'the type of %s is %s',
    async (column, type) => {
      await stage.insert({ name: 'bob' })
      const found = await stage.db.query({ table: 'people', columns: [column], where: [] })
      expect(found.columns).toEqual([{ name: column, type }])
    },
  )
}

/** Values that nobody thought of. */
export function arbitraryValues(stage: DatabaseStage): void {
  describe('any value comes back as it went', () => {
    const there = async (column: string, value: DbValue): Promise<void> => {
      await stage.insert({ name: 'bob', [column]: value })
      expect(await stage.rows({ columns: [column] })).toEqual([[value]])
      await stage.clear()
    }
    // PostgreSQL has no zeros in texts.
    const texts = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map(text => text.replaceAll('\0', ''))
    const bytes = fc.uint8Array({ maxLength: 300 }).map(all => Buffer.from(all).toString('latin1'))
    const run = { numRuns: 30 }

    test('texts', () =>
      fc.assert(
        fc.asyncProperty(texts, text => there('note', utf8(text))),
        run,
      ))
    stage.when('blobs')('blobs', () =>
      fc.assert(
        fc.asyncProperty(bytes, blob => there('photo', blob)),
        run,
      ),
    )
    test('whole numbers', () =>
      fc.assert(
        fc.asyncProperty(fc.maxSafeInteger(), number => there('account', number)),
        run,
      ))
    test('times', () =>
      fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4e9 }), at => there('born', at)),
        run,
      ))
  })
}
