/**
 * What is around every view: the title with the state of the fleet, the tabs, the line at the
 * bottom.
 */
import { type Line, type Span, type Tone, fitLine, lineWidth, span } from '../../rpc/fleet/line.ts'
import { cut, visible } from '../../rpc/fleet/visible.ts'
import type { FleetModel } from '../model/fleet-model.ts'
import type { NodeModel } from '../model/node-model.ts'
import { age } from './numbers.ts'

export interface FrameFacts {
  readonly fleet: FleetModel
  readonly scope: string | null
  readonly path: readonly string[]
  readonly shown: number
  readonly total: number
  readonly filter: string
  readonly paused: boolean
}

/** Left text and right text on one line; the right one gives way. */
function spread(left: readonly Span[], right: readonly Span[], width: number): Line {
  const room = width - lineWidth(left) - lineWidth(right)
  if (room < 1) return fitLine(left, width)
  return [...left, span(' '.repeat(room)), ...right]
}

/** ` Ohana  paris  ● n1  ● n2  ○ n3 12s            Trace › Call  2/3 nodes  12:00:03 ` */
export function titleLine(facts: FrameFacts, width: number): Line {
  const { fleet } = facts
  const alarm: Span[] = fleet.environment === 'prod' ? [span(' PROD ', 'alarm'), span(' ')] : []
  const time = new Date(fleet.now()).toTimeString().slice(0, 8)
  const right = [span(`${time} `, 'dim')]
  const left: Span[] = [
    span(' '),
    ...alarm,
    span(visible(fleet.name), 'strong'),
    span('  '),
    ...fleetSpans(fleet, width - 40),
  ]
  return spread(left, right, width)
}

/** Each node by name while there is room, else how many answer and who does not. */
function fleetSpans(fleet: FleetModel, room: number): Span[] {
  const each = fleet.nodes.flatMap(node => [...nodeSpans(node), span('  ')])
  if (lineWidth(each) <= room) return each
  const down = fleet.nodes.filter(node => !node.isUp)
  const up = fleet.nodes.length - down.length
  const count = span(`${up}/${fleet.nodes.length} nodes`, down.length > 0 ? 'bad' : 'good')
  return [count, ...down.slice(0, 3).flatMap(node => [span('  '), ...nodeSpans(node)])]
}

function nodeSpans(node: NodeModel): Span[] {
  if (node.isUp) return [span('● ', 'good'), span(node.name)]
  const silent = node.silentFor
  const note = silent === null ? (node.trouble === 'connecting' ? '…' : 'down') : age(silent)
  return [span('○ ', 'bad'), span(`${node.name} ${note}`, 'bad')]
}

export interface Tab {
  readonly title: string
  readonly short: string
}

/**
 * The tabs with their numbers, and what is chosen about the view; tabs give way before choices do.
 */
export function tabLine(
  tabs: readonly Tab[],
  current: string,
  facts: FrameFacts,
  width: number,
): Line {
  const right = choiceSpans(facts)
  for (const form of ['long', 'short', 'number'] as const) {
    const left = tabSpans(tabs, current, form)
    if (lineWidth(left) + lineWidth(right) < width) return spread(left, right, width)
  }
  return fitLine(right, width)
}

function choiceSpans({ filter, total, shown, paused, scope, path }: FrameFacts): Span[] {
  return [
    ...(paused ? [span(' PAUSED ', 'alarm'), span(' ')] : []),
    ...(scope === null ? [] : [span(`node ${scope}  `, 'warn')]),
    ...(filter === '' ? [] : [span(`/${cut(visible(filter), 20)}  `, 'accent')]),
    ...(path.length > 1 ? [span(`› ${path.at(-1)}  `, 'accent')] : []),
    span(`${filter === '' ? total : `${shown}/${total}`} `, 'dim'),
  ]
}

function tabSpans(
  tabs: readonly Tab[],
  current: string,
  form: 'long' | 'short' | 'number',
): Span[] {
  const each = tabs.flatMap(({ title, short }, index) => {
    const isCurrent = title === current
    const name = form === 'long' ? title : short
    const number = span(`${index + 1}`, 'dim')
    if (form === 'number' && !isCurrent) return [number, span(' ')]
    return [number, span(` ${name} `, isCurrent ? 'mark' : 'plain'), span(' ')]
  })
  return [span(' '), ...each]
}

type Hint = readonly [key: string, word: string]

/** `⏎ open  / filter ...` at the left, as many as fit; what helps everywhere at the right. */
export function hintLine(hints: readonly Hint[], always: readonly Hint[], width: number): Line {
  const spansOf = ([key, word]: Hint): Span[] => [
    span(` ${key}`, 'accent'),
    span(` ${word} `, 'dim'),
  ]
  const right = always.flatMap(spansOf)
  const left: Span[] = []
  for (const hint of hints) {
    const spans = spansOf(hint)
    if (lineWidth(left) + lineWidth(spans) + lineWidth(right) >= width) break
    left.push(...spans)
  }
  return spread(left, right, width)
}

export function noticeLine(text: string, tone: Tone, width: number): Line {
  return fitLine([span(` ${visible(text)}`, tone)], width)
}

/** A prompt with its text, the cursor as a reversed cell, and a remark behind it. */
export function promptLine(before: string, text: string, after: string, width: number): Line {
  const room = Math.max(8, width - before.length - 3)
  // The end of a long text is what is being typed.
  const shown = visible(text).slice(-room)
  return fitLine(
    [
      span(` ${visible(before)}`, 'accent'),
      span(shown, 'strong'),
      span(' ', 'mark'),
      span(after === '' ? '' : `  ${visible(after)}`, 'dim'),
    ],
    width,
  )
}
