import { int, list, looseText, maybe, methods, record, scalar, text } from '../schema.ts'

const name = text('table')
const key = text('name')
const GET = [[500, 'Not enough parameters (htable name and key name)']] as const
const DELETE = [[500, 'Not enough parameters (htable name & key name']] as const
const SET = [[500, 'Not enough parameters (htable name, key name and value)']] as const
const SET_END = [[500, 'Not enough parameters (htable name, item name and expire)']] as const
const SET_WITH_END = [
  [500, 'Not enough parameters (htable name, key name, value and expire)'],
] as const
const NAME = [[500, 'No htable name given']] as const

const slot = record({ name: text(), value: scalar(), type: text('int or str') })
const item = record({
  name: text(),
  value: scalar(),
  flags: int('2 is a text'),
  expire: text('local time, or NEVER'),
})

/** `htable.*` - tables in memory. */
export const htable = methods({
  'htable.dump': {
    doc: 'Dump the contents of hash table.',
    class: 'read',
    params: [name],
    badParams: NAME,
    result: list(record({ entry: int(), size: int(), slot: list(slot) })),
  },
  'htable.get': {
    doc: 'Get one key from a hash table.',
    class: 'read',
    params: [name, key],
    badParams: GET,
    result: record({ item }),
  },
  'htable.delete': {
    doc: 'Delete one key from a hash table.',
    class: 'write',
    params: [name, key],
    badParams: DELETE,
    result: text(),
  },
  'htable.sets': {
    doc: 'Set one key in a hash table to a string value.',
    class: 'write',
    params: [name, key, looseText('value')],
    badParams: SET,
    result: text(),
  },
  'htable.seti': {
    doc: 'Set one key in a hash table to an integer value.',
    class: 'write',
    params: [name, key, int('value')],
    badParams: SET,
    result: text(),
  },
  'htable.setex': {
    doc: 'Set expire in a hash table for the item referenced by key.',
    class: 'write',
    params: [name, key, int('seconds')],
    badParams: SET_END,
    result: text(),
  },
  'htable.setxs': {
    doc: 'Set one key in a hash table to a string value and its expire value.',
    class: 'write',
    params: [name, key, looseText('value'), int('seconds')],
    badParams: SET_WITH_END,
    result: text(),
  },
  'htable.setxi': {
    doc: 'Set one key in a hash table to an integer value and its expire value.',
    class: 'write',
    params: [name, key, int('value'), int('seconds')],
    badParams: SET_WITH_END,
    result: text(),
  },
  'htable.listTables': {
    doc: 'List all htables.',
    class: 'read',
    params: [],
    result: list(
      record({
        name: text(),
        dbtable: text(),
        dbmode: int(),
        expire: int(),
        updateexpire: int(),
        size: int(),
        dmqreplicate: int(),
      }),
    ),
  },
  'htable.reload': {
    doc: 'Reload hash table from database.',
    class: 'write',
    params: [maybe(name)],
    result: text(),
  },
  'htable.store': {
    doc: 'Store hash table to database.',
    class: 'write',
    params: [maybe(name)],
    result: text(),
  },
  'htable.stats': {
    doc: 'Statistics about htables.',
    class: 'read',
    params: [],
    result: list(record({ name: text(), slots: int(), all: int(), min: int(), max: int() })),
  },
  'htable.flush': {
    doc: 'Flush hash table.',
    class: 'danger',
    params: [name],
    badParams: NAME,
    result: text(),
  },
})
