/** All changes of the text of one file for what waits in it; none of them moves a line. */
import type { AnyNode } from 'acorn'
import type { Edit } from '../edits.ts'
import { awaitEdits, callEdits, type Opened, statementStart } from './call-edits.ts'
import type { Site } from './collect.ts'
import { classEdits, declaredEdits, functionEdits, type Shape } from './function-edits.ts'
import { isAwaited, type Plan } from './plan.ts'
import { childrenOf, isFunction, type SourceTree, type Unit } from './syntax.ts'

export function generatorEdits(file: SourceTree, plan: Plan): Edit[] {
  const pass = new Pass(file, plan)
  pass.visit(file.program, null)
  return pass.edits
}

class Pass {
  readonly edits: Edit[] = []
  private readonly file: SourceTree
  private readonly plan: Plan
  private readonly separated = new Set<number>()
  private readonly waits = (unit: Unit): boolean => this.plan.waits(unit)

  constructor(file: SourceTree, plan: Plan) {
    this.file = file
    this.plan = plan
  }

  /** What stands around comes first where two of them begin, and last where they end. */
  visit(node: AnyNode, around: Unit | null): void {
    const unit = isFunction(node) ? node : around
    const opened = this.opened(node, around)
    if (opened !== null) this.edits.push(...opened.edits)
    if (node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock')
      this.edits.push(...declaredEdits(node, this.file, this.waits))
    if (node.type === 'ClassBody') this.edits.push(...classEdits(node, this.waits))
    for (const child of childrenOf(node)) this.visit(child, unit)
    if (opened !== null) this.edits.push(...opened.close)
  }

  private opened(node: AnyNode, around: Unit | null): Opened | null {
    const { file, plan } = this
    if (isFunction(node))
      return plan.waits(node) ? functionEdits(node, file, this.shapeOf(node, around)) : null
    if (around === null || !plan.waits(around)) return null
    if (node.type === 'AwaitExpression') return awaitEdits(node, this.semicolonAt(node))
    if (node.type !== 'CallExpression') return null
    const site = this.siteOf(node, around)
    const way = site === undefined ? 'no' : plan.way(site, around)
    if (way === 'no') return null
    return callEdits(site!, way, isAwaited(site!, around), this.semicolonAt(node))
  }

  /** Of all that begin where a statement does, the outermost one is told from the line above. */
  private semicolonAt(node: AnyNode): string {
    if (this.separated.has(node.start) || !statementStart(node, this.file)) return ''
    this.separated.add(node.start)
    return ';'
  }

  private siteOf(node: AnyNode, around: Unit): Site | undefined {
    return this.plan.script.functions.get(around)!.sites.find(site => site.node === node)
  }

  private shapeOf(unit: Unit & AnyNode, around: Unit | null): Shape {
    const { plan, file } = this
    const { sites } = plan.script.functions.get(unit)!
    const patterns = sites.some(
      site => site.node.start < unit.body.start && plan.way(site, unit) !== 'no',
    )
    const call = file.parents.get(unit)
    const site = around && plan.waits(around) && call ? this.siteOf(call, around) : undefined
    const isCallee = site !== undefined && site.node.callee === (unit as AnyNode)
    return { patterns, called: isCallee && plan.way(site, around!) === 'unit' }
  }
}
