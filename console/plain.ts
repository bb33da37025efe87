/** A view once, as text: for pipes, for reading aloud, for terminals that can do nothing. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Line, line, textOf } from '../rpc/fleet/line.ts'
import { visible } from '../rpc/fleet/visible.ts'
import type { FleetModel } from './model/fleet-model.ts'
import { Page } from './page.ts'
import type { ViewName } from './view.ts'
import { views } from './views.ts'

const WIDTH = 160
/** Rates need two snapshots, a second apart. */
const FIRST_LOOK_MS = 1300
const LOOK_MS = 50

export interface PlainResult {
  readonly lines: readonly string[]
  /** Who is missing; '' when nobody is. */
  readonly note: string
  /** 0, 3 for some nodes, 4 for none. */
  readonly code: number
}

/** Waits until every node has said something or its time is over, then prints what there is. */
export async function plainView(fleet: FleetModel, name: ViewName): Promise<PlainResult> {
  const page = new Page(views[name])
  fleet.want(page, page.view.feeds)
  const until = fleet.now() + fleet.timeoutMs
  const first = fleet.now() + FIRST_LOOK_MS
  while (fleet.now() < until) {
    if (fleet.nodes.every(node => node.isUp) && fleet.now() > first) break
    await pause(LOOK_MS)
  }
  fleet.want(page, [])
  const sheet = page.sheet(page.context(fleet, null, WIDTH))
  const body: Line[] = [...sheet.head, ...sheet.rows.map(row => row.line)]
  const all = sheet.note === '' ? body : [...body, line(sheet.note)]
  const silent = fleet.nodes.filter(node => !node.isUp)
  const up = fleet.nodes.length - silent.length
  const each = silent.map(node => `${node.name}: ${visible(node.complaint)}`)
  return {
    lines: all.map(spans => textOf(spans).trimEnd()),
    note: silent.length === 0 ? '' : [`${up}/${fleet.nodes.length} nodes`, ...each].join('; '),
    code: silent.length === 0 ? 0 : up > 0 ? 3 : 4,
  }
}
