import {
  either,
  int,
  list,
  map,
  maybe,
  methods,
  nothing,
  record,
  scalar,
  several,
  text,
} from '../schema.ts'

const set = 'Set the value of a configuration variable and commit the change immediately'
const prepare =
  'Prepare the change of a configuration variable, but does not commit the new value yet'
const value = scalar('value')

/** Changes that take effect at once. `group` is `name` or `name[instance]`. */
const now = methods({
  'cfg.set': {
    doc: set,
    class: 'write',
    params: [text('group'), text('name'), value],
    result: nothing,
  },
  'cfg.set_now_int': {
    doc: set,
    class: 'write',
    params: [text('group'), text('name'), int('value')],
    result: nothing,
  },
  'cfg.seti': {
    doc: set,
    class: 'write',
    params: [text('group'), text('name'), int('value')],
    result: nothing,
  },
  'cfg.set_now_string': {
    doc: set,
    class: 'write',
    params: [text('group'), text('name'), text('value')],
    result: nothing,
  },
  'cfg.sets': {
    doc: set,
    class: 'write',
    params: [text('group'), text('name'), text('value')],
    result: nothing,
  },
  'cfg.del': {
    doc:
      'Delete the value of a configuration variable from a group instance and commit the change ' +
      'immediately',
    class: 'write',
    params: [text('group'), text('name')],
    result: nothing,
  },
  'cfg.reset': {
    doc: 'Reset all the values of a configuration group and commit the change immediately',
    class: 'danger',
    params: [text('group')],
    result: nothing,
  },
  'cfg.add_group_inst': {
    doc: 'Add a new instance to an existing configuration group',
    class: 'write',
    params: [text('group')],
    result: nothing,
  },
  'cfg.del_group_inst': {
    doc: 'Delete an instance of a configuration group',
    class: 'danger',
    params: [text('group')],
    result: nothing,
  },
})

/** Changes that are prepared, shown and then committed or dropped together. */
const delayed = methods({
  'cfg.set_delayed': {
    doc: prepare,
    class: 'write',
    params: [text('group'), text('name'), value],
    result: nothing,
  },
  'cfg.set_delayed_int': {
    doc: prepare,
    class: 'write',
    params: [text('group'), text('name'), int('value')],
    result: nothing,
  },
  'cfg.set_delayed_string': {
    doc: prepare,
    class: 'write',
    params: [text('group'), text('name'), text('value')],
    result: nothing,
  },
  'cfg.del_delayed': {
    doc:
      'Prepare the deletion of the value of a configuration variable from a group instance, but ' +
      'does not commit the change yet',
    class: 'write',
    params: [text('group'), text('name')],
    result: nothing,
  },
  'cfg.commit': {
    doc: 'Commit the previously prepared configuration changes',
    class: 'write',
    params: [],
    result: nothing,
  },
  'cfg.rollback': {
    doc: 'Drop the prepared configuration changes',
    class: 'write',
    params: [],
    result: nothing,
  },
  'cfg.diff': {
    doc: 'List the pending configuration changes that have not been committed yet',
    class: 'read',
    params: [],
    result: several(
      record({
        'group name': text(),
        'group id': maybe(int()),
        'variable name': text(),
        'old value': scalar(),
        'new value': scalar(),
      }),
    ),
  },
})

const questions = methods({
  'cfg.get': {
    doc: 'Get the value of a configuration variable',
    class: 'read',
    params: [text('group'), maybe(text('name'))],
    result: either(scalar(), map(scalar())),
    badParams: [[500, 'Failed to get the parameters']],
  },
  'cfg.help': {
    doc: 'Print the description of a configuration variable',
    class: 'read',
    params: [text('group'), text('name')],
    result: several(text(), 'the description, then the type'),
  },
  'cfg.list': {
    doc: 'List the configuration variables',
    class: 'read',
    params: [maybe(text('group'))],
    result: list(text('group: name')),
  },
})

/** `cfg.*` - runtime parameters: what changes while the node runs. */
export const cfg = { ...now, ...delayed, ...questions }
