// The facts about Kamailio's modules, and what was renamed.
import { describe, expect, it } from 'vitest'
import {
  knownModule,
  knownModuleNames,
  knownNames,
  modulesWith,
  modulesWithTransformation,
} from '../../../../server/core/catalogue/catalogue.ts'
import {
  formerCoreParam,
  formerFunction,
  formerModule,
  formerParam,
} from '../../../../server/core/catalogue/history.ts'
import history from '../../../../server/core/catalogue/history.json' with { type: 'json' }
import { coreParamName } from '../../../../server/core/params.ts'

describe('the catalogue', () => {
  it('knows modules of 5.6.3, of later versions, and some by name alone', () => {
    expect(knownModule('dispatcher')).toMatchObject({ version: '5.6.3', listed: true })
    expect(knownModule('file_out')).toMatchObject({ version: '6.0', listed: true })
    expect(knownModule('kafka')).toMatchObject({ listed: false })
    expect(knownModule('toString')).toBeNull()
  })

  it('knows numbers of arguments and routes, those of later versions as well', () => {
    const { functions } = knownModule('dispatcher')!
    expect(functions.get('ds_select_dst')).toEqual({ arities: [2, 3], routes: 3, later: false })
    expect(functions.get('ds_dsg_fetch')).toMatchObject({ arities: [1], later: true })
  })

  it('knows parameters, variables, transformations and events', () => {
    expect(knownModule('dispatcher')!.params.get('force_dst')).toBe('int')
    expect(knownModule('jsonrpcs')!.params.get('fifo_group')).toBe('any')
    expect(knownModule('dialog')!.pvars.get('dlg_var')).toEqual({ named: true, writable: true })
    expect(knownModule('sqlops')!.transformations).toContain('sql.val')
    expect(knownModule('htable')!.events).toContain('htable:expired:*')
  })

  it('finds the modules behind a name', () => {
    expect(modulesWith('functions', 'www_authorize')).toContain('auth_db')
    expect(modulesWith('pvars', 'sht')).toEqual(['htable'])
    expect(modulesWith('functions', 'constructor')).toEqual([])
    expect(modulesWithTransformation('s.len')).toEqual(['pv'])
    expect([...knownNames('functions')].length).toBeGreaterThan(1000)
  })

  it('is sorted', () => {
    expect(knownModuleNames()).toEqual(knownModuleNames().toSorted())
  })
})

describe('former names', () => {
  it('have a sentence each', () => {
    expect(formerModule('mi_fifo')).toContain('use jsonrpcs')
    expect(formerFunction('save_noreply')).toContain('save("location", "0x02")')
    expect(formerParam('registrar', 'nat_flag')).toContain('nat_bflag')
    expect(formerCoreParam('syn_branch')).toContain('4.1')
    expect(formerModule('tm')).toBe('')
    expect(formerModule('constructor')).toBe('')
  })

  it('are no names of today', () => {
    expect(Object.keys(history.modules).filter(name => knownModule(name) !== null)).toEqual([])
    const now = new Set(knownNames('functions'))
    expect(Object.keys(history.functions).filter(name => now.has(name))).toEqual([])
    expect(Object.keys(history.core).filter(name => coreParamName(name) !== null)).toEqual([])
    const still = Object.keys(history.params).filter(key => {
      const [module = '', name = ''] = key.split('.')
      return knownModule(module)?.params.has(name)
    })
    expect(still).toEqual([])
  })

  it('lead to names of today', () => {
    const names = Object.values(history.modules).flatMap(
      text => /\buse (\w+)/.exec(text)?.[1] ?? [],
    )
    expect(names.length).toBeGreaterThan(40)
    expect(names.filter(name => knownModule(name) === null)).toEqual([])
    const functions = Object.values(history.functions).flatMap(text =>
      [...text.matchAll(/(\w+)\([^)]*\) of module (\w+)/g)].map(([, f, m]) => [f!, m!]),
    )
    expect(functions.length).toBeGreaterThan(20)
    expect(functions.filter(([f, m]) => !knownModule(m!)!.functions.has(f!))).toEqual([])
  })
})
