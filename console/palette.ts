/** Runs and completes what is typed after `:`. */
import { parameters } from './model/pivot.ts'
import { type PaletteName, paletteRows } from './palette-rows.ts'
import type { Session } from './session.ts'
import { topViews, viewByWord } from './views.ts'

/** Obeys one line; what cannot be understood is told. */
export function runPalette(session: Session, text: string): void {
  const [word = '', ...words] = text.trim().split(/\s+/)
  if (word === '') return
  const view = viewByWord(word)
  const row = paletteRows.find(
    ({ name, aliases }) => name === word || (aliases as readonly string[]).includes(word),
  )
  // `:trace` alone is the view, with a word it is a command.
  if (view !== undefined && (row === undefined || words.length === 0))
    openView(session, view.name === 'help' ? null : view.name, words)
  else if (row !== undefined) COMMANDS[row.name](session, words)
  else session.say(`no view or command ${word}; ? shows them`, 'bad')
}

function openView(
  session: Session,
  name: Parameters<Session['go']>[0] | null,
  words: readonly string[],
): void {
  const filter = words.join(' ').replace(/^\//, '')
  if (name === null) session.open('help')
  else session.go(name, filter)
}

const COMMANDS: Record<PaletteName, (session: Session, words: readonly string[]) => void> = {
  view: (session, [name = '', ...words]) => {
    const view = viewByWord(name)
    if (view !== undefined) openView(session, view.name, words)
    else session.say(`no view ${name}`, 'bad')
  },
  node: (session, [name = 'all']) => {
    const known = session.fleet.nodes.map(node => node.name)
    if (name === 'all') session.look(null)
    else if (known.includes(name)) session.look(name)
    else session.say(`no node ${name}; there are ${known.join(' ')}`, 'bad')
  },
  trace: (session, words) => {
    const subject = words.join(' ')
    if (subject.includes('@') || session.fleet.call(subject) !== null) session.open('call', subject)
    else session.go('trace', subject)
  },
  set: setParameter,
  dashboard: session => session.dashboard(),
  help: session => session.open('help'),
  quit: session => session.quit(),
}

function setParameter(session: Session, [variable = '', ...words]: readonly string[]): void {
  const [, group = '', name = '', given] = /^([\w-]+)[.:]([\w-]+)(?:=(.*))?$/.exec(variable) ?? []
  const known = parameters(session.fleet.within(session.scope))
  const found = known.find(row => row.group === group && row.name === name)
  if (found === undefined && known.length > 0) {
    session.say(`no parameter ${variable}; it is written GROUP.NAME`, 'bad')
    return
  }
  if (found?.about.live === false) {
    session.say(`${group}.${name} is read-only while the node runs`, 'warn')
    return
  }
  const value = given ?? words.join(' ')
  const [old = ''] = found?.values.values() ?? []
  session.edit({
    group,
    name,
    value: value === '' ? old : value,
    isNumber: found === undefined ? /^-?\d+$/.test(value) : found.about.type === 'int',
    about: found?.about.doc ?? '',
  })
}

/** Whole lines that the typed text could become, the best first. */
export function paletteCandidates(session: Session, text: string): string[] {
  const words = text.split(/\s+/)
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1).join(' ')
  const fitting = wordsFor(session, words).filter(word => word.startsWith(last) && word !== last)
  return fitting.map(word => (before === '' ? word : `${before} ${word}`))
}

function wordsFor(session: Session, words: readonly string[]): string[] {
  const [first = ''] = words
  if (words.length <= 1)
    return [...topViews.map(({ name }) => name), ...paletteRows.map(({ name }) => name)]
  if (words.length > 2) return []
  if (first === 'node' || first === 'on')
    return ['all', ...session.fleet.nodes.map(({ name }) => name)]
  if (first === 'view') return topViews.map(({ name }) => name)
  if (first === 'set')
    return parameters(session.fleet.nodes)
      .filter(({ about }) => about.live)
      .map(({ group, name }) => `${group}.${name}`)
  if (first === 'trace') return session.fleet.calls().map(({ callId }) => callId)
  return []
}
