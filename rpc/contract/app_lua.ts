import { int, maybe, methods, nothing, record, rows, several, text } from '../schema.ts'

/** The functions that routing scripts in real languages can call. */
export const kemiFunctions = record({
  msize: int('how many'),
  methods: rows(
    'func',
    record({
      ret: text('what it gives: none, int, bool, xval'),
      module: text('part of KSR, or nothing'),
      name: text(),
      params: text('str and int, or none'),
    }),
  ),
})

/** `app_lua.*` - routing scripts in Lua. */
export const appLua = methods({
  'app_lua.list': {
    doc: 'list lua scripts',
    class: 'read',
    params: [],
    result: several(text('number: [path]')),
  },
  'app_lua.reload': {
    doc: 'Reload lua script',
    class: 'write',
    params: [maybe(int('number'))],
    result: nothing,
  },
  'app_lua.api_list': {
    doc: 'list kemi exports to lua',
    class: 'read',
    params: [],
    result: kemiFunctions,
  },
})
