/** A session as lines: exactly as many as the screen has, less one, and each exactly as wide. */
import { type Line, fitLine, line, span } from '../rpc/fleet/line.ts'
import { keyRows, keySign } from './keys.ts'
import { paletteCandidates } from './palette.ts'
import { type Prompt, editTargets, namesOf } from './prompt.ts'
import { hintLine, noticeLine, promptLine, tabLine, titleLine } from './render/frame.ts'
import type { Sheet } from './render/sheet.ts'
import type { Session } from './session.ts'
import { topViews } from './views.ts'

/** One line less than the screen: a frame as high as the terminal makes it flicker. */
export function draw(session: Session, width: number, rows: number): Line[] {
  session.width = width
  session.height = Math.max(6, rows - 1)
  const { page, fleet, scope, path, sheet } = session
  const facts = {
    fleet,
    scope,
    path,
    shown: sheet.rows.length,
    total: sheet.total,
    filter: page.state.filter,
    paused: page.isPaused,
  }
  const tabs = topViews.map(({ title, short }) => ({ title, short: short ?? title }))
  const lines = [
    titleLine(facts, width),
    tabLine(tabs, path[0] ?? '', facts, width),
    ...sheet.head.map(head => inset(head, width)),
    ...body(session, sheet, width),
  ]
  return [...lines, bottom(session, width)]
}

const inset = (spans: Line, width: number): Line => fitLine([span(' '), ...spans], width)

function body(session: Session, sheet: Sheet, width: number): Line[] {
  const height = session.bodyHeight(sheet)
  const { page } = session
  const top = page.topFor(sheet, height)
  const cursor = page.cursorIn(sheet)
  const shown = sheet.rows.slice(top, top + height).map(({ line: spans }, index) => {
    const full = inset(spans, width)
    return top + index === cursor ? full.map(({ text }) => span(text, 'mark')) : full
  })
  const note = sheet.note === '' ? [] : [[], line(` ${sheet.note}`, 'dim')]
  const above = [...shown, ...note.map(spans => inset(spans, width))].slice(0, height)
  const foot = (sheet.foot ?? []).slice(0, Math.max(0, height - above.length - 1))
  const missing = height - above.length - foot.length
  const blank = Array.from({ length: missing }, () => fitLine([], width))
  // What stands under the rows keeps a line of distance; the rest of the screen is empty.
  return [
    ...above,
    ...blank.slice(0, 1),
    ...foot.map(spans => inset(spans, width)),
    ...blank.slice(1),
  ]
}

function bottom(session: Session, width: number): Line {
  const { prompt, notice } = session
  if (prompt !== null) return promptFor(session, prompt, width)
  if (notice !== null) return noticeLine(notice.text, notice.tone, width)
  return hintLine(hintsFor(session), ALWAYS, width)
}

/** Where to go from anywhere. */
const ALWAYS: readonly (readonly [string, string])[] = keyRows
  .filter(({ action }) => action === 'command' || action === 'help' || action === 'quit')
  .map(({ keys, hint }) => [keySign(keys[0]!), hint!])

/** Hints for this view, what acts before what only changes the look. */
function hintsFor(session: Session): [string, string][] {
  const { view } = session.page
  const able = (action: string): boolean => {
    if (action === 'open') return view.open !== undefined
    return action !== 'node' || session.fleet.nodes.length > 1
  }
  const own = keyRows.filter(
    ({ action, hint, views }) =>
      hint !== undefined &&
      !['command', 'help', 'quit'].includes(action) &&
      (views?.includes(view.name) ?? true) &&
      able(action),
  )
  const rank = (action: string): number => ORDER.indexOf(action) + 1 || ORDER.length + 1
  return own
    .toSorted((a, b) => rank(a.action) - rank(b.action))
    .map(({ keys, hint }) => [keySign(keys[0]!), hint!])
}
const ORDER = ['open', 'edit', 'remove', 'filter']

function promptFor(session: Session, prompt: Prompt, width: number): Line {
  switch (prompt.kind) {
    case 'filter':
      return promptLine(
        '/',
        prompt.text,
        prompt.text === '' ? 'words  !words  column=value' : '',
        width,
      )
    case 'command':
      return promptLine(':', prompt.text, paletteCandidates(session, prompt.text).join('  '), width)
    case 'edit': {
      const { edit, text, target } = prompt
      const nodes = editTargets(session.fleet.within(session.scope))[target]!
      const where = nodes.length > 1 ? `all: ${namesOf(nodes)}` : namesOf(nodes)
      const after = `on ${where} (tab)  ${edit.about}`
      return promptLine(`${edit.group}.${edit.name} = `, text, after, width)
    }
    case 'confirm': {
      const how = prompt.word === '' ? 'y / n' : `type ${prompt.word}`
      return promptLine(`${prompt.question} ${how} `, prompt.text, '', width)
    }
  }
}
