/**
 * A call drawn as a ladder: a lane for each node and peer, an arrow for each message, times at the
 * left, remarks at the right.
 */
import type { Arrow } from './arrows.ts'
import type { Call, Lane, Note, Step } from './call.ts'
import { type Line, type Span, type Tone, cutLine, line, lineWidth, span } from './line.ts'
import { userOf } from './sip-facts.ts'
import { cut, fit, visible, widthOf } from './visible.ts'

export interface LadderOptions {
  readonly width: number
  /** Time since the message before, since the start, or of the day. */
  readonly clock: 'delta' | 'offset' | 'wall'
  /** Retransmissions as one row, 100 and relayed provisional replies left out. */
  readonly brief: boolean
  /** Each retransmission in a row of its own. */
  readonly unfold: boolean
  /** How many lanes after the first one are scrolled away. */
  readonly scroll: number
}

export interface LadderRow {
  readonly line: Line
  /** The message of this row; null for a log line. */
  readonly arrow: Arrow | null
}

export interface Ladder {
  /** Stays in place while the rows scroll: summary, lane names, addresses. */
  readonly head: readonly Line[]
  readonly rows: readonly LadderRow[]
  /** Lanes that do not fit, left and right. */
  readonly hiddenLeft: number
  readonly hiddenRight: number
}

const LANE_MIN = 10
const LANE_MAX = 18
/** Below this, remarks are not worth their place. */
const REMARK_MIN = 12

const MARKS = { bar: '│', dash: '─', right: '▶', left: '◀', dot: '·', turn: '↺' }

/** What the drawing functions share. */
interface Sheet {
  readonly call: Call
  readonly options: LadderOptions
  readonly gutter: number
  readonly laneWidth: number
  /** Indexes of the lanes that are shown; the first lane of the call always is. */
  readonly shown: readonly number[]
  readonly hasLegs: boolean
}

export function drawLadder(call: Call, options: LadderOptions): Ladder {
  const sheet = sheetFor(call, options)
  const { shown } = sheet
  const last = shown.at(-1) ?? 0
  return {
    head: [
      cutLine(summary(call, options.width), options.width),
      cutLine(laneNames(sheet), options.width),
      cutLine(laneAddresses(sheet), options.width),
    ],
    rows: rowsOf(sheet),
    hiddenLeft: (shown[1] ?? 1) - 1,
    hiddenRight: call.lanes.length - 1 - last,
  }
}

const CLOCK_WIDTH = { delta: 8, offset: 8, wall: 15 }

function sheetFor(call: Call, options: LadderOptions): Sheet {
  const hasLegs = call.steps.some(({ branch }) => branch !== '')
  const gutter = CLOCK_WIDTH[options.clock] + (hasLegs ? 5 : 1)
  const room = Math.max(LANE_MIN, options.width - gutter)
  const most = Math.max(1, Math.floor(room / LANE_MIN))
  const count = Math.min(call.lanes.length, most)
  const laneWidth = Math.min(LANE_MAX, Math.max(LANE_MIN, Math.floor(room / count)))
  const furthest = call.lanes.length - count
  const scroll = Math.max(0, Math.min(options.scroll, furthest))
  const shown = Array.from({ length: count }, (_, place) => (place === 0 ? 0 : place + scroll))
  return {
    call,
    options,
    gutter,
    laneWidth,
    shown,
    hasLegs,
  }
}

const TONES: Record<Call['outcome']['kind'], Tone> = { good: 'good', bad: 'bad', open: 'info' }

/**
 * `CALL alice → bob  ANSWERED 00:02:14  PDD 0.31s  3 nodes  1 retransmission  n2 skew −0.200s
 * corrected  7f3a91c2@phone`
 */
function summary(call: Call, width: number): Line {
  const whole = summaryOf(call, address => address)
  return lineWidth(whole) <= width ? whole : summaryOf(call, userOf)
}

function summaryOf(call: Call, nameOf: (address: string) => string): Line {
  const { outcome, from, to, callId, method } = call
  const name = (address: string): string => cut(visible(nameOf(address)), 28)
  const more = [
    outcome.talked === null ? '' : duration(outcome.talked),
    outcome.postDialDelay === null ? '' : ` PDD ${outcome.postDialDelay.toFixed(2)}s`,
    ` ${count(call.nodes.length, 'node')}`,
    call.repeats > 0 ? ` ${count(call.repeats, 'retransmission')}` : '',
    ...[...call.skews].map(([node, us]) => ` ${node} skew ${seconds(us)} corrected`),
    ` ${cut(visible(callId), 40)}`,
  ]
  return [
    span(`${method === 'INVITE' ? 'CALL' : visible(method)} `, 'strong'),
    span(`${name(from)} → ${name(to)}  `, 'accent'),
    span(outcome.word, TONES[outcome.kind]),
    span(` ${more.filter(text => text !== '').join(' ')}`, 'dim'),
  ]
}

const count = (many: number, word: string): string => `${many} ${word}${many === 1 ? '' : 's'}`
const seconds = (us: number): string => `${us < 0 ? '−' : '+'}${Math.abs(us / 1e6).toFixed(3)}s`

/** hh:mm:ss */
export function duration(total: number): string {
  const whole = Math.round(total)
  const parts = [whole / 3600, (whole % 3600) / 60, whole % 60]
  return parts.map(part => String(Math.floor(part)).padStart(2, '0')).join(':')
}

function laneNames(sheet: Sheet): Line {
  const { call, shown, gutter, laneWidth } = sheet
  const hidden = call.lanes.length - shown.length
  const more = hidden > 0 ? `‹${hidden} more›` : ''
  const names = shown.map(index => {
    const lane = call.lanes[index]!
    return span(centred(visible(lane.name), laneWidth), lane.node ? 'accent' : 'strong')
  })
  return [span(fit(more, gutter), 'warn'), ...names]
}

function laneAddresses(sheet: Sheet): Line {
  const addresses = sheet.shown.map(index => addressOf(sheet.call.lanes[index]!, sheet.laneWidth))
  const text = addresses.map(address => centred(address, sheet.laneWidth)).join('')
  return [span(' '.repeat(sheet.gutter)), span(text, 'dim')]
}

/**
 * The address, or how many sockets a lane with several of them used; the host may be left out
 * before the port is.
 */
function addressOf(lane: Lane, width: number): string {
  const [first = ''] = lane.addresses
  if (lane.addresses.length > 1) return `${lane.addresses.length} sockets`
  return first.length < width ? first : first.replace(/^.*:/, ':')
}

function centred(text: string, width: number): string {
  const short = cut(text, width - 1)
  const before = Math.max(0, Math.floor((width - widthOf(short)) / 2))
  return fit(' '.repeat(before) + short, width)
}

/**
 * The rows: messages in their order, each with the log lines behind it; folded as the options say.
 */
function rowsOf(sheet: Sheet): LadderRow[] {
  const { call, options } = sheet
  const rows: LadderRow[] = []
  let before = call.start
  const clock = (time: number): string => {
    const text = clockText(sheet, time, before)
    before = Math.max(before, time)
    return text
  }
  const addNotes = (after: number): void => {
    for (const note of call.notes)
      if (note.after === after)
        rows.push({ line: noteLine(sheet, note, clock(Math.max(note.time, before))), arrow: null })
  }
  addNotes(-1)
  for (const [index, step] of call.steps.entries()) {
    if (isShown(step, options))
      rows.push({ line: arrowLine(sheet, step, clock(step.arrow.time)), arrow: step.arrow })
    addNotes(index)
  }
  return rows
}

function isShown({ arrow }: Step, { brief, unfold }: LadderOptions): boolean {
  if (arrow.repeat > 2 && !unfold) return false
  if (!brief) return true
  const { status } = arrow.facts
  const relayed = arrow.sentBy !== null && arrow.receivedBy !== null
  return arrow.repeat === 1 && status !== 100 && !(status > 100 && status < 200 && relayed)
}

/** How often the same bytes went over this hop. */
function timesSent(call: Call, arrow: Arrow): number {
  const same = call.steps.filter(
    step =>
      step.arrow.src === arrow.src &&
      step.arrow.dst === arrow.dst &&
      step.arrow.text === arrow.text,
  )
  return same.length
}

function clockText({ call, options }: Sheet, time: number, before: number): string {
  const width = CLOCK_WIDTH[options.clock]
  if (options.clock === 'wall') return fit(wallClock(time), width)
  const since = (time - (options.clock === 'delta' ? before : call.start)) / 1e6
  const sign = options.clock === 'delta' && time > call.start ? '+' : ' '
  return fit(`${sign}${Math.max(0, since).toFixed(3)}`, width - 1, 'right') + ' '
}

/** Local time of day with microseconds. */
export function wallClock(us: number): string {
  const date = new Date(us / 1000)
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()]
  const fraction = String(Math.floor(us % 1e6)).padStart(6, '0')
  return `${parts.map(part => String(part).padStart(2, '0')).join(':')}.${fraction}`
}

/** One row of lanes as characters that can be drawn over. */
class Canvas {
  private readonly chars: string[]
  private readonly tones: Tone[]

  constructor(width: number) {
    this.chars = Array<string>(width).fill(' ')
    this.tones = Array<Tone>(width).fill('dim')
  }

  put(at: number, text: string, tone: Tone): void {
    let x = at
    for (const char of text) {
      const cells = widthOf(char)
      // A combining mark belongs to the character before it; the second cell of a wide one stays
      // empty.
      if (cells === 0 && x > at) this.chars[x - 1] += char
      for (let cell = 0; cell < cells && x + cell < this.chars.length; cell++) {
        this.chars[x + cell] = cell === 0 ? char : ''
        this.tones[x + cell] = tone
      }
      x += cells
    }
  }

  line(): Span[] {
    const spans: { text: string; tone: Tone }[] = []
    for (const [x, char] of this.chars.entries()) {
      const tone = this.tones[x]!
      const last = spans.at(-1)
      if (last?.tone === tone) last.text += char
      else spans.push({ text: char, tone })
    }
    return spans
  }
}

const barAt = (sheet: Sheet, place: number): number =>
  place * sheet.laneWidth + Math.floor(sheet.laneWidth / 2)

function lanesOnly(sheet: Sheet): Canvas {
  const canvas = new Canvas(sheet.shown.length * sheet.laneWidth)
  for (const place of sheet.shown.keys()) canvas.put(barAt(sheet, place), MARKS.bar, 'dim')
  return canvas
}

function toneOf({ facts, repeat }: Arrow): Tone {
  if (repeat > 1) return 'warn'
  if (facts.status === 0) return facts.method === 'CANCEL' ? 'warn' : 'info'
  if (facts.status < 200) return 'dim'
  if (facts.status < 300) return 'good'
  return facts.status < 400 || facts.status === 401 || facts.status === 407 ? 'warn' : 'bad'
}

function arrowLine(sheet: Sheet, step: Step, clock: string): Line {
  const { arrow } = step
  const tone = toneOf(arrow)
  const canvas = lanesOnly(sheet)
  const from = sheet.shown.indexOf(step.from)
  const to = sheet.shown.indexOf(step.to)
  const times =
    arrow.repeat === 1
      ? ''
      : `×${sheet.options.unfold ? arrow.repeat : timesSent(sheet.call, arrow)}`
  if (from >= 0 && to >= 0 && from !== to) drawArrow(sheet, canvas, from, to, arrow, times)
  else if (from >= 0 || to >= 0) drawHalf(sheet, canvas, step, times)
  const leg = sheet.hasLegs ? fit(step.branch === '' ? 'A' : `A.${step.branch}`, 4) : ''
  const head = [span(clock, 'dim'), span(leg, 'dim'), span(' ')]
  return withRemark(sheet, [...head, ...canvas.line()], remarkOf(step, times), tone)
}

function drawArrow(
  { laneWidth }: Sheet,
  canvas: Canvas,
  from: number,
  to: number,
  arrow: Arrow,
  times: string,
): void {
  const tone = toneOf(arrow)
  const rightward = from < to
  const at = (place: number): number => place * laneWidth + Math.floor(laneWidth / 2)
  const start = at(Math.min(from, to)) + 1
  const end = at(Math.max(from, to)) - 1
  canvas.put(start, MARKS.dash.repeat(end - start + 1), tone)
  canvas.put(rightward ? end : start, rightward ? MARKS.right : MARKS.left, tone)
  const text = bestLabel(arrow, times, end - start - 3)
  const left = start + Math.max(1, Math.floor((end - start + 1 - widthOf(text) - 2) / 2))
  canvas.put(left, ` ${text} `, tone)
}

/** A message to oneself, or one whose other end is scrolled away. */
function drawHalf(sheet: Sheet, canvas: Canvas, step: Step, times: string): void {
  const { laneWidth, shown } = sheet
  const from = shown.indexOf(step.from)
  const place = from >= 0 ? from : shown.indexOf(step.to)
  const mark = step.from === step.to ? MARKS.turn : from >= 0 ? MARKS.right : MARKS.left
  const text = bestLabel(step.arrow, times, laneWidth - 4)
  canvas.put(barAt(sheet, place) + 1, `${mark} ${text}`, toneOf(step.arrow))
}

/** The most telling label that fits. */
function bestLabel({ facts }: Arrow, times: string, width: number): string {
  const sdp = facts.sdp ? ' sdp' : ''
  const repeat = times === '' ? '' : ` ${times}`
  const { status, cseqMethod } = facts
  const reason = visible(facts.reason)
  const method = visible(facts.method || '?')
  const about = cseqMethod === 'INVITE' || status === 100 ? '' : ` ${visible(cseqMethod)}`
  const labels =
    status === 0
      ? [`${method}${repeat}${sdp}`, `${method}${repeat}`, method]
      : [
          `${status} ${reason}${about}${repeat}${sdp}`,
          `${status} ${reason}${about}${repeat}`,
          `${status} ${reason.split(' ', 1)[0]!}${about}${repeat}`,
          `${status}${about}${repeat}${sdp}`,
          `${status}${about}`,
          String(status),
        ]
  const last = labels.at(-1)!
  return labels.find(text => widthOf(text) <= width) ?? cut(last, Math.max(3, width))
}

/** Where a request goes, why something failed, that it was sent again. */
function remarkOf({ arrow }: Step, times: string): string {
  const { facts } = arrow
  if (times !== '') return '! retransmission'
  if (facts.why !== '') return visible(facts.why)
  if (facts.status === 0 && facts.method !== 'ACK' && facts.method !== 'CANCEL')
    return visible(facts.target)
  return ''
}

function withRemark(sheet: Sheet, spans: Span[], remark: string, tone: Tone): Line {
  const used = sheet.gutter + sheet.shown.length * sheet.laneWidth
  const room = sheet.options.width - used - 1
  if (remark === '' || room < REMARK_MIN) return spans
  return [...spans, span(` ${cut(remark, room)}`, tone === 'info' ? 'dim' : tone)]
}

/** `· text` on the lane of the node that wrote it, over the lanes at its right. */
function noteLine(sheet: Sheet, note: Note, clock: string): Line {
  const canvas = lanesOnly(sheet)
  const lane = sheet.call.lanes.findIndex(({ node, name }) => node && name === note.node)
  const place = Math.max(0, sheet.shown.indexOf(lane))
  const at = barAt(sheet, place)
  const room = sheet.shown.length * sheet.laneWidth - at
  const tone = note.failure ? 'bad' : 'dim'
  const text = `${MARKS.dot} ${cut(visible(note.text), Math.max(10, room - 2))}`
  canvas.put(at, text, tone)
  const leg = ' '.repeat(sheet.gutter - clock.length)
  return [span(clock, 'dim'), span(leg), ...canvas.line()]
}

/** The same as a list, one line a message: for narrow screens and for reading aloud. */
export function listLines(call: Call): Line[] {
  return call.steps.map(({ arrow, from, to, branch }) => {
    const names = `${call.lanes[from]!.name}>${call.lanes[to]!.name}`
    const { facts } = arrow
    const what = facts.status === 0 ? facts.method : `${facts.status} ${facts.reason}`
    const words = [
      wallClock(arrow.time),
      branch === '' ? 'A' : `A.${branch}`,
      names,
      what,
      ...(facts.sdp ? ['sdp'] : []),
      `cseq=${facts.cseq} ${facts.cseqMethod}`,
      ...(arrow.repeat > 1 ? [`again=${arrow.repeat}`] : []),
    ]
    return line(visible(words.join(' ')), toneOf(arrow))
  })
}
