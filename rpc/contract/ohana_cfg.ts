import { flag, int, list, long, maybe, methods, orNull, record, scalar, text } from '../schema.ts'

const diagnostic = record({
  severity: text('error or warning'),
  code: text('CFG_...'),
  file: text(),
  line: int('from 1'),
  col: int('from 1, in bytes'),
  text: text('what is wrong'),
  hint: text('what to do about it; empty when there is nothing to advise'),
  source: text('the line of the file'),
})

const change = record({
  what: text('debug, tm.fr_timer, alias ...'),
  old: orNull(scalar('null: it was not there')),
  new: orNull(scalar('null: it is no more')),
  at: text('file:line:col in the config'),
})

const changes = {
  routes: record({
    added: list(text('as the config writes it: route[X]')),
    removed: list(text()),
    changed: list(text()),
  }),
  modules: list(text(), 'modules that are added to the running node'),
  parameters: list(change, 'values that change while the node runs'),
  kept: list(
    record({
      what: text(),
      value: scalar('in force: somebody set it by hand'),
      config: orNull(scalar('what the config says')),
      at: text(),
    }),
    'values set by hand, which win over the config',
  ),
  restart_needed: list(change, 'what the node takes in only when it starts'),
}

const by = maybe(text('who asks, for the history'))

const outcome = record({
  reloaded: flag('the new generation is in force; false: nothing has changed'),
  generation: int('the one in force'),
  refused: maybe(text('why nothing has changed')),
  took_ms: int('from the call to the change'),
  diagnostics: list(diagnostic),
  ...changes,
})

const difference = record({
  same: flag('a reload would change nothing'),
  good: flag('a reload would be taken'),
  generation: int('the one in force'),
  refused: maybe(text('why a reload would not be taken')),
  diagnostics: list(diagnostic),
  ...changes,
})

const undone = record({
  generation: int('in force again'),
  undone: int('no more in force; another undo brings it back'),
  ...changes,
})

const verdict = record({
  good: flag('no errors'),
  generation: int('the one in force'),
  hash: text('of the preprocessed text; empty when there are errors'),
  routes: int('route blocks'),
  files: list(text()),
  diagnostics: list(diagnostic),
})

const event = record({
  generation: int('the number of the config that came into force'),
  action: text('start, reload or undo'),
  loaded_at: long('when this generation was compiled, milliseconds since 1970'),
  at: long('when it came into force by this action'),
  by: text('as the caller calls himself; empty when he does not say'),
  door: text('how he came: unix, websocket, fifo ...; empty at the start'),
  hash: text('of the preprocessed text'),
  routes: int('route blocks'),
  files: list(text()),
  in_force: flag(),
  undo: flag('what ohana.cfg.undo would bring back'),
})

/** `ohana.cfg.*` - the config file while the node runs: generations of routes. */
export const ohanaCfg = methods({
  'ohana.cfg.reload': {
    doc:
      'Reads the config anew and, when nothing in it is wrong, puts it in force; calls that are ' +
      'under way end with the one before.',
    class: 'danger',
    params: [by],
    result: outcome,
  },
  'ohana.cfg.undo': {
    doc: 'Puts the generation before back in force, as it was compiled then.',
    class: 'danger',
    params: [by],
    result: undone,
  },
  'ohana.cfg.diff': {
    doc: 'What a reload would change.',
    class: 'read',
    params: [],
    result: difference,
  },
  'ohana.cfg.check': {
    doc: 'Reads and checks the config; changes nothing.',
    class: 'read',
    params: [],
    result: verdict,
  },
  'ohana.cfg.history': {
    doc: 'Which configs were in force, since when and by whom; the newest last.',
    class: 'read',
    params: [],
    result: list(event),
  },
})
