/**
 * One person at one terminal: which view is open, where the cursor is, what is being typed. Keys
 * come in, lines go out; there is no terminal and no React in here.
 */
import { changes, type Change } from './change.ts'
import { type Action, keyRowFor } from './keys.ts'
import type { FleetModel } from './model/fleet-model.ts'
import type { NodeModel } from './model/node-model.ts'
import { Page } from './page.ts'
import { paletteCandidates, runPalette } from './palette.ts'
import { type Prompt, editTargets, namesOf, typed } from './prompt.ts'
import { type Tone, textOf } from '../rpc/fleet/line.ts'
import type { Sheet } from './render/sheet.ts'
import type { Edit, ViewContext, ViewName } from './view.ts'
import { topViews, views } from './views.ts'

export interface Notice {
  readonly text: string
  readonly tone: Tone
}

export interface SessionOptions {
  readonly fleet: FleetModel
  readonly start: ViewName
  /** The person wants to leave. */
  readonly onQuit: () => void
  /** The person wants the charts. */
  readonly onDashboard: () => void
  /** The screen has to be drawn again. */
  readonly onChange: () => void
  /** The screen has to be drawn from its first cell on. */
  readonly onRedraw: () => void
  /** The person wants this text in the clipboard. */
  readonly onCopy: (text: string) => void
}

/** What terminals take from an OSC 52 sequence, before it is written in base 64. */
const LONGEST_COPY = 55_000
/** A second Ctrl-C within this time means it. */
const TWICE_MS = 2000

export class Session {
  readonly fleet: FleetModel
  /** A node's name, or null for all. */
  scope: string | null = null
  prompt: Prompt | null = null
  notice: Notice | null = null
  width = 80
  height = 24
  private readonly options: SessionOptions
  private pages: Page[]
  private before: Page[] = []
  private interruptedAt = -Infinity

  constructor(options: SessionOptions) {
    this.options = options
    this.fleet = options.fleet
    this.pages = [new Page(views[options.start])]
    this.arrive()
  }

  get page(): Page {
    return this.pages.at(-1)!
  }

  /** Titles from the top view down to the one that is open. */
  get path(): readonly string[] {
    return this.pages.map(({ view }) => view.title)
  }

  get context(): ViewContext {
    // A cell of air on either side.
    return this.page.context(this.fleet, this.scope, this.width - 2)
  }

  get sheet(): Sheet {
    return this.page.sheet(this.context)
  }

  /**
   * Rows of the body that fit on the screen: all but title, tabs, the head of the view and the
   * bottom line.
   */
  bodyHeight(sheet: Sheet): number {
    return Math.max(1, this.height - 3 - sheet.head.length)
  }

  press(key: string): void {
    this.notice = null
    if (this.prompt !== null) this.pressInPrompt(this.prompt, key)
    else this.pressInView(key)
    this.options.onChange()
  }

  say(text: string, tone: Tone = 'info'): void {
    this.notice = { text, tone }
    this.options.onChange()
  }

  /** A view at the top, with everything above it closed. */
  go(name: ViewName, filter = ''): void {
    this.before = this.pages
    this.pages = [new Page(views[name])]
    if (filter !== '') this.page.choose({ filter })
    this.arrive()
  }

  /** A view over the one that is open. */
  open(name: ViewName, subject = ''): void {
    this.pages.push(new Page(views[name], subject))
    if (name === 'call' && this.fleet.call(subject) === null) void this.fleet.fetchCall(subject)
    this.arrive()
  }

  look(scope: string | null): void {
    this.scope = scope
    this.page.pause(null)
  }

  quit(): void {
    this.options.onQuit()
  }

  dashboard(): void {
    this.options.onDashboard()
  }

  edit(edit: Edit | string): void {
    if (typeof edit === 'string') this.say(edit, 'warn')
    else this.prompt = { kind: 'edit', text: edit.value, edit, target: 0 }
  }

  /**
   * Asks before a change: with a word to type where a production node is among them, else with y.
   */
  confirm(question: string, nodes: readonly NodeModel[], run: () => void): void {
    const isProduction = nodes.some(({ node }) => node.environment === 'prod')
    const name = nodes.length === 1 ? nodes[0]!.name : this.fleet.name
    this.prompt = { kind: 'confirm', text: '', question, word: isProduction ? name : '', run }
  }

  /** Makes a change and says what came of it. */
  change(change: Change): void {
    this.say(`${change.what} ...`)
    void changes(this.fleet, change).then(({ text, tone }) => {
      this.say(text, tone)
      this.fleet.refresh()
    })
  }

  /** Nobody looks any more. */
  close(): void {
    this.fleet.want(this, [])
  }

  private arrive(): void {
    this.fleet.want(this, this.page.view.feeds)
  }

  private pressInView(key: string): void {
    const row = keyRowFor(key, this.page.view.name)
    if (row !== null) this.act(row.action, key)
  }

  private act(action: Action, key: string): void {
    if (isMove(action)) this.move(MOVES[action])
    else this.others[action](key)
  }

  private move(by: (rows: number) => number): void {
    const { sheet, page } = this
    page.move(sheet, by(this.bodyHeight(sheet)))
  }

  /** What a key does that moves nothing. */
  private readonly others: Record<Exclude<Action, Move>, (key: string) => void> = {
    left: () => this.scroll(-1),
    right: () => this.scroll(1),
    open: () => this.openRow(),
    back: () => this.goBack(),
    quit: () => this.leave(),
    view: key => this.go(topViews[Number(key) - 1]!.name),
    nextView: () => this.step(1),
    previousView: () => this.step(-1),
    lastView: () => this.swap(),
    node: () => this.nextScope(),
    command: () => void (this.prompt = { kind: 'command', text: '' }),
    help: () => this.open('help'),
    dashboard: () => this.dashboard(),
    filter: () => this.startFilter(),
    sortLeft: () => this.sort(-1),
    sortRight: () => this.sort(1),
    reverse: () => this.page.choose({ descending: !this.page.state.descending }),
    wide: () => this.page.choose({ wide: !this.page.state.wide }),
    clock: () => this.toggleClock(),
    wall: () => this.page.choose({ clock: this.page.state.clock === 'wall' ? 'delta' : 'wall' }),
    brief: () => this.page.choose({ brief: !this.page.state.brief }),
    unfold: () => this.page.choose({ unfold: !this.page.state.unfold }),
    pause: () => this.page.pause(this.page.isPaused ? null : this.sheet),
    refresh: () => this.refresh(),
    redraw: () => this.options.onRedraw(),
    edit: () => this.editRow(),
    remove: () => this.removeRow(),
    copy: () => this.copyRow(),
    interrupt: () => this.interrupt(),
  }

  private openRow(): void {
    const key = this.page.keyIn(this.sheet)
    const target = key === null ? null : (this.page.view.open?.(this.context, key) ?? null)
    if (target !== null) this.open(target.view, target.subject)
  }

  /** Escape takes back one thing: the filter, then the view. */
  private goBack(): void {
    if (this.page.state.filter !== '') this.page.choose({ filter: '' })
    else if (this.pages.length > 1) this.closeView()
  }

  private leave(): void {
    if (this.pages.length > 1) this.closeView()
    else this.prompt = this.quitPrompt()
  }

  private quitPrompt(): Prompt {
    const run = (): void => this.quit()
    return { kind: 'confirm', text: '', question: 'leave the console?', word: '', run }
  }

  private closeView(): void {
    this.pages.pop()
    this.arrive()
  }

  private step(by: number): void {
    const [{ view }] = this.pages as [Page]
    const index = topViews.indexOf(view)
    const next = topViews.at((index + by) % topViews.length)!
    this.go(next.name)
  }

  private swap(): void {
    if (this.before.length === 0) return
    const { before } = this
    this.before = this.pages
    this.pages = before
    this.arrive()
  }

  private nextScope(): void {
    const names = this.fleet.nodes.map(({ name }) => name)
    const index = this.scope === null ? 0 : names.indexOf(this.scope) + 1
    this.look(names[index] ?? null)
  }

  private startFilter(): void {
    const { filter } = this.page.state
    this.prompt = { kind: 'filter', text: filter, before: filter }
  }

  private sort(by: number): void {
    const titles = ['', ...(this.page.view.columns?.(this.context) ?? [])]
    const index = titles.indexOf(this.page.state.sort)
    this.page.choose({ sort: titles.at((index + by) % titles.length)! })
  }

  private toggleClock(): void {
    this.page.choose({ clock: this.page.state.clock === 'delta' ? 'offset' : 'delta' })
  }

  private scroll(by: number): void {
    this.page.choose({ scroll: Math.max(0, this.page.state.scroll + by) })
  }

  private refresh(): void {
    this.page.pause(null)
    this.fleet.refresh()
    this.say('asking the nodes')
  }

  private editRow(): void {
    const key = this.page.keyIn(this.sheet)
    const { view } = this.page
    if (key !== null && view.edit !== undefined) this.edit(view.edit(this.context, key))
  }

  private removeRow(): void {
    const key = this.page.keyIn(this.sheet)
    const removal = key === null ? null : (this.page.view.remove?.(this.context, key) ?? null)
    if (removal === null) return
    const { what, node: name } = removal
    const nodes = this.fleet.nodes.filter(node => node.name === name)
    this.confirm(`remove ${what} on ${name}?`, nodes, () =>
      this.change({ what: `remove ${what}`, nodes, run: client => removal.run(client) }),
    )
  }

  /** The row as it is seen; of a message all of it, as it was on the wire. */
  private copyRow(): void {
    const { sheet, page } = this
    const row = sheet.rows[page.cursorIn(sheet)]
    const text = sheet.whole ?? (row === undefined ? '' : textOf(row.line).trim())
    if (text === '' || text.length > LONGEST_COPY) return this.say('nothing that can be copied')
    this.options.onCopy(text)
    this.say(`copied ${text.length} characters`)
  }

  private interrupt(): void {
    const now = this.fleet.now()
    if (now - this.interruptedAt < TWICE_MS) this.quit()
    this.interruptedAt = now
    this.say('once more to leave')
  }

  private pressInPrompt(prompt: Prompt, key: string): void {
    if (key === 'esc' || key === 'ctrl-c') return this.cancel(prompt)
    if (key === 'enter') return this.accept(prompt)
    if (key === 'tab' || key === 'shift-tab') return this.tab(prompt, key === 'tab' ? 1 : -1)
    const text = typed(prompt.text, key)
    if (text === null) return
    // Backspace at the beginning takes the prompt itself away.
    if (key === 'backspace' && prompt.text === '') return this.cancel(prompt)
    prompt.text = text
    if (prompt.kind === 'filter') this.page.choose({ filter: text })
    if (prompt.kind === 'confirm' && prompt.word === '') this.answer(prompt)
  }

  private cancel(prompt: Prompt): void {
    this.prompt = null
    if (prompt.kind === 'filter') this.page.choose({ filter: prompt.before })
    if (prompt.kind === 'edit' || prompt.kind === 'confirm') this.say('nothing was changed', 'dim')
  }

  /** A question that wants one key. */
  private answer(prompt: Prompt & { kind: 'confirm' }): void {
    this.prompt = null
    if (prompt.text.toLowerCase() === 'y') prompt.run()
    else this.say('nothing was changed', 'dim')
  }

  private accept(prompt: Prompt): void {
    this.prompt = null
    if (prompt.kind === 'command') runPalette(this, prompt.text)
    if (prompt.kind === 'edit') this.confirmEdit(prompt)
    if (prompt.kind !== 'confirm') return
    if (prompt.word !== '' && prompt.text === prompt.word) prompt.run()
    else this.say('nothing was changed', 'dim')
  }

  private tab(prompt: Prompt, by: number): void {
    if (prompt.kind === 'edit') {
      const targets = editTargets(this.fleet.within(this.scope))
      prompt.target = (prompt.target + by + targets.length) % targets.length
    }
    if (prompt.kind !== 'command') return
    const [first] = paletteCandidates(this, prompt.text)
    if (first !== undefined) prompt.text = first
  }

  private confirmEdit({ edit, text, target }: Prompt & { kind: 'edit' }): void {
    const { group, name, isNumber } = edit
    if (isNumber && !/^-?\d+$/.test(text)) {
      this.say(`${group}.${name} takes an integer, not ${text}`, 'bad')
      return
    }
    const nodes = editTargets(this.fleet.within(this.scope))[target]!
    const shown = text === '' ? '""' : text
    const what = `set ${group}.${name} = ${shown}`
    this.confirm(`${what} on ${namesOf(nodes)}?`, nodes, () =>
      this.change({
        what,
        nodes,
        run: async client => {
          const old = await client.call('cfg.get', group, name)
          if (isNumber) await client.call('cfg.seti', group, name, Number(text))
          else await client.call('cfg.sets', group, name, text)
          return `${String(old as string | number) || '""'} → ${shown}`
        },
      }),
    )
  }
}

/** How far a key moves the cursor; a page is what fits on the screen. */
const MOVES = {
  down: () => 1,
  up: () => -1,
  halfDown: (page: number) => Math.ceil(page / 2),
  halfUp: (page: number) => -Math.ceil(page / 2),
  pageDown: (page: number) => page,
  pageUp: (page: number) => -page,
  first: () => -Infinity,
  last: () => Infinity,
} satisfies Partial<Record<Action, (page: number) => number>>
type Move = keyof typeof MOVES

const isMove = (action: Action): action is Move => Object.hasOwn(MOVES, action)
