/** Every key. The help screen, the hints at the bottom and the README's table come from here. */
import type { ViewName } from './view.ts'

export interface KeyRow {
  /** As `Session.press` gets them. */
  readonly keys: readonly string[]
  readonly action: Action
  readonly doc: string
  readonly group: 'Move' | 'Look' | 'Act' | 'Go'
  /** Only in these views. */
  readonly views?: readonly ViewName[]
  /** Named in the line at the bottom, with this word. */
  readonly hint?: string
}

const row = (
  group: KeyRow['group'],
  action: Action,
  keys: string,
  doc: string,
  more: Partial<Pick<KeyRow, 'views' | 'hint'>> = {},
): KeyRow => ({ group, action, keys: keys.split(' '), doc, ...more })

export const actions = [
  'down',
  'up',
  'halfDown',
  'halfUp',
  'pageDown',
  'pageUp',
  'first',
  'last',
  'left',
  'right',
  'open',
  'back',
  'quit',
  'view',
  'nextView',
  'previousView',
  'lastView',
  'node',
  'command',
  'help',
  'dashboard',
  'filter',
  'sortLeft',
  'sortRight',
  'reverse',
  'wide',
  'clock',
  'wall',
  'brief',
  'unfold',
  'pause',
  'refresh',
  'redraw',
  'edit',
  'remove',
  'copy',
  'interrupt',
] as const
export type Action = (typeof actions)[number]

const tables: ViewName[] = [
  'nodes',
  'registrations',
  'transactions',
  'statistics',
  'parameters',
  'trace',
]

export const keyRows: readonly KeyRow[] = [
  row('Move', 'down', 'j down', 'down'),
  row('Move', 'up', 'k up', 'up'),
  row('Move', 'halfDown', 'ctrl-d', 'half a page down'),
  row('Move', 'halfUp', 'ctrl-u', 'half a page up'),
  row('Move', 'pageDown', 'ctrl-f pagedown', 'a page down'),
  row('Move', 'pageUp', 'ctrl-b pageup', 'a page up'),
  row('Move', 'first', 'g home', 'to the first row'),
  row('Move', 'last', 'G end', 'to the last row; a log goes on by itself there'),
  row('Move', 'left', 'h left', 'lanes to the left', { views: ['call'] }),
  row('Move', 'right', 'l right', 'lanes to the right', { views: ['call'], hint: 'lanes' }),

  row('Look', 'filter', '/', 'filter: words, !words, column=value, column>5, column~regex', {
    hint: 'filter',
  }),
  row('Look', 'sortRight', '>', 'sort by the next column', { views: tables, hint: 'sort' }),
  row('Look', 'sortLeft', '<', 'sort by the column before', { views: tables }),
  row('Look', 'reverse', 'z', 'sort the other way round', { views: tables }),
  row('Look', 'wide', 'w', 'more columns', { views: tables, hint: 'wide' }),
  row('Look', 'clock', 't', 'time since the message before, or since the start', {
    views: ['call'],
    hint: 'time',
  }),
  row('Look', 'wall', 'w', 'time of day', { views: ['call'] }),
  row('Look', 'brief', 'o', 'leave out 100, relayed provisional replies and repeats', {
    views: ['call'],
    hint: 'brief',
  }),
  row('Look', 'unfold', 'u', 'every retransmission in a row of its own', { views: ['call'] }),
  row('Look', 'pause', 'p', 'hold the screen still, or go on', { hint: 'pause' }),
  row('Look', 'refresh', 'r', 'ask the nodes now'),
  row('Look', 'redraw', 'ctrl-l', 'draw the screen anew, when something else has written on it'),
  row('Look', 'node', 'f', 'this node only, the next one, all again', { hint: 'node' }),

  row('Act', 'edit', 'e', 'change the parameter, on one node or all', {
    views: ['parameters', 'parameter'],
    hint: 'edit',
  }),
  row('Act', 'remove', 'X', 'remove the contact from its node', {
    views: ['registrations', 'contact'],
    hint: 'remove',
  }),

  row('Act', 'copy', 'c', 'copy the row, or the whole message, to the clipboard of your terminal'),

  row('Go', 'open', 'enter', 'open what the row stands for', { hint: 'open' }),
  row('Go', 'back', 'esc', 'back; clears the filter first'),
  row('Go', 'view', '1 2 3 4 5 6 7', 'nodes, registrations, ... as numbered at the top'),
  row('Go', 'nextView', 'tab', 'the next view'),
  row('Go', 'previousView', 'shift-tab', 'the view before'),
  row('Go', 'lastView', '-', 'where you were last'),
  row('Go', 'dashboard', 'D', 'charts over the whole screen'),
  row('Go', 'command', ':', 'command: a view, node, set, trace ...', { hint: 'command' }),
  row('Go', 'help', '?', 'this help', { hint: 'help' }),
  row('Go', 'quit', 'q', 'back, and at the top out', { hint: 'back' }),
  row('Go', 'interrupt', 'ctrl-c', 'cancel; twice to leave'),
]

/** The row that a key means in a view; one for this view goes before one for all. */
export function keyRowFor(key: string, view: ViewName): KeyRow | null {
  const fitting = keyRows.filter(
    ({ keys, views }) => keys.includes(key) && (views === undefined || views.includes(view)),
  )
  return fitting.find(({ views }) => views !== undefined) ?? fitting[0] ?? null
}

const SIGNS: Record<string, string> = {
  down: '↓',
  up: '↑',
  left: '←',
  right: '→',
  enter: '⏎',
}
/** How a key is written. */
export const keySign = (key: string): string => SIGNS[key] ?? key
