import { either, int, list, map, maybe, methods, nothing, text } from '../schema.ts'

const groupAndName = [text('group'), text('name')] as const

/** `cnt.*` - statistics, one by one. */
export const cnt = methods({
  'cnt.get': {
    doc: 'get counter value (takes group and counter name as parameters)',
    class: 'read',
    params: [text('group'), maybe(text('name'))],
    result: either(int(), map(int())),
  },
  'cnt.reset': {
    doc: 'reset counter (takes group and counter name as parameters)',
    class: 'write',
    params: groupAndName,
    result: nothing,
  },
  'cnt.get_raw': {
    doc: 'get raw counter value (debugging version)',
    class: 'read',
    params: groupAndName,
    result: int(),
  },
  'cnt.list_groups': {
    doc: 'list all the counter group names',
    class: 'read',
    params: [],
    result: list(text('group')),
  },
  'cnt.grps_list': {
    doc: 'list all the counter group names',
    class: 'read',
    params: [],
    result: list(text('group')),
  },
  'cnt.list_vars': {
    doc: 'list all the counters names in a specified group',
    class: 'read',
    params: [text('group')],
    result: list(text('name')),
  },
  'cnt.var_list': {
    doc: 'list all the counters names in a specified group',
    class: 'read',
    params: [text('group')],
    result: list(text('name')),
  },
  'cnt.get_vars': {
    doc: 'list all counter names and values in a specified group',
    class: 'read',
    params: [text('group')],
    result: map(int()),
  },
  'cnt.grp_get_all': {
    doc: 'list all counter names and values in a specified group',
    class: 'read',
    params: [text('group')],
    result: map(int()),
  },
  'cnt.help': {
    doc: 'print the description of a counter (group and counter name required).',
    class: 'read',
    params: groupAndName,
    result: text(),
  },
})
