import { flag, int, list, long, methods, record, text } from '../schema.ts'

/** `ohana.db.*`, `ohana.tables` - databases, and what was loaded from them. */
export const ohanaDb = methods({
  'ohana.db.status': {
    doc: 'The databases of this node: who uses them, and whether they answer.',
    class: 'read',
    params: [],
    result: list(
      record({
        url: text('without its password'),
        modules: list(text(), 'who opened it'),
        available: flag('false: it does not answer, and nothing is sent to it'),
        reason: text('why it is not available'),
        opened: int('how often it was given up'),
        connections: int('that stand'),
        under_way: int('statements that are carried out or wait'),
        statements: long('that modules gave'),
        errors: long('that it refused, or that did not reach it'),
        deadlines: long('that were not answered in time'),
        refused: long('that were not sent'),
        last_error: text(),
      }),
    ),
  },
  'ohana.tables': {
    doc: 'Tables in memory: where their rows come from, who loaded them when, the last error.',
    class: 'read',
    params: [],
    result: list(
      record({
        module: text(),
        table: text(),
        source: text('a database or a file'),
        rows: int(),
        generation: int('loads that were put in force'),
        hash: text('of the rows, whatever their order'),
        loaded_at: long('seconds since 1970; 0: never'),
        loaded_by: text('start, or the command'),
        last_error: text('why the last load was refused: the table before it serves'),
        last_error_at: long('seconds since 1970; 0: never'),
      }),
    ),
  },
})
