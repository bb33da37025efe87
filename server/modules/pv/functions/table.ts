/** The functions of pv as rows of its surface. */
import {
  BadValue,
  type ConfigFunction,
  computed,
  fn,
  format,
  int,
  literal,
  optional,
  pvar,
  since6,
  writablePvar,
} from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import { xavisOf, xavpsOf } from '../../../core/xavp.ts'
import type { Pv } from '../pv.ts'
import * as branches from './static-branch.ts'
import * as values from './values.ts'
import * as xavps from './xavps.ts'

type Rows = Record<string, ConfigFunction<Pv>>

const typeWord = literal('vtype', text => {
  const word = values.TYPE_WORDS.find(known => known === text)
  if (word !== undefined) return word
  throw new BadValue(`${text} is no type`, 'int, str or null')
})

const valueFunctions: Rows = {
  pv_isset: fn({
    doc: 'Is the variable other than null?',
    args: [pvar('pvar')],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_isset',
    run: values.isSet,
  }),
  pv_unset: fn({
    doc: 'Assign null to the variable.',
    args: [pvar('pvar')],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_unset',
    run: values.unset,
  }),
  is_int: fn({
    doc: 'Is the value a number?',
    args: [pvar('pvar')],
    routes: ANY_ROUTE,
    kemi: 'pvx.is_int',
    run: values.isInt,
  }),
  typeof: fn({
    doc: 'Is the value of this type: int, str or null?',
    args: [pvar('pvar'), computed(typeWord)],
    routes: ANY_ROUTE,
    kemi: 'pvx.typeof',
    run: values.typeOf,
  }),
  not_empty: fn({
    doc: 'Is the value a text with something in it?',
    args: [pvar('pvar')],
    routes: ANY_ROUTE,
    kemi: 'pvx.not_empty',
    run: values.notEmpty,
  }),
  pv_evalx: fn({
    doc: 'Evaluate a format, then what it gave, and store the result.',
    args: [writablePvar('dst'), format('fmt')],
    routes: ANY_ROUTE,
    kemi: 'pvx.evalx',
    run: values.evaluate,
  }),
}

/** The four functions that $xavp and $xavi both have. */
const childFunctions = (kind: 'xavp' | 'xavi', listOf: xavps.ListOf): Rows => ({
  [`${kind}_child_seti`]: fn({
    doc: `Set $${kind}(rname=>cname) to a number; what is not there is made.`,
    args: [format('rname'), format('cname'), int('ival')],
    routes: ANY_ROUTE,
    kemi: `pvx.${kind}_child_seti`,
    run: xavps.setChild(listOf),
  }),
  [`${kind}_child_sets`]: fn({
    doc: `Set $${kind}(rname=>cname) to a text; what is not there is made.`,
    args: [format('rname'), format('cname'), format('sval')],
    routes: ANY_ROUTE,
    kemi: `pvx.${kind}_child_sets`,
    run: xavps.setChild(listOf),
  }),
  [`${kind}_rm`]: fn({
    doc: `Take the newest $${kind}(rname) away.`,
    args: [format('rname')],
    routes: ANY_ROUTE,
    kemi: `pvx.${kind}_rm`,
    run: xavps.removeRoot(listOf),
  }),
  [`${kind}_rm_all`]: since6(
    fn({
      doc: `Take all $${kind}(rname) away.`,
      args: [format('rname')],
      routes: ANY_ROUTE,
      kemi: `pvx.${kind}_rm_all`,
      run: xavps.removeRoots(listOf),
    }),
  ),
  [`${kind}_child_rm`]: fn({
    doc: `Take $${kind}(rname=>cname) away.`,
    args: [format('rname'), format('cname')],
    routes: ANY_ROUTE,
    kemi: `pvx.${kind}_child_rm`,
    run: xavps.removeChild(listOf),
  }),
})

const xavpFunctions: Rows = {
  ...childFunctions('xavp', xavpsOf),
  ...childFunctions('xavi', xavisOf),
  xavp_copy: fn({
    doc: 'Copy an XAVP behind those of another name, or in the place of one of them.',
    args: [
      format('source_name'),
      int('source_index'),
      format('destination_name'),
      optional(int('destination_index')),
    ],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavp_copy(str, int, str) pvx.xavp_copy_dst',
    run: xavps.copyXavp,
  }),
  xavp_params_explode: fn({
    doc: 'Read a=b;c=d into the values of a new XAVP.',
    args: [format('sparams'), format('xname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavp_params_explode',
    run: xavps.explodeParams,
  }),
  xavp_xparams_explode: since6(
    fn({
      doc: 'The same with another character between the parameters.',
      args: [format('sparams'), format('sep'), format('xname')],
      routes: ANY_ROUTE,
      kemi: 'pvx.xavp_xparams_explode',
      run: xavps.explodeParamsAt,
    }),
  ),
  xavp_params_implode: fn({
    doc: 'Write the values of an XAVP as a=b;c=d; into a variable.',
    args: [format('xname'), writablePvar('pvname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavp_params_implode',
    run: xavps.implodeParams,
  }),
  xavu_params_explode: fn({
    doc: 'Read a=b;c=d into the values of an XAVU.',
    args: [format('sparams'), format('xname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavu_params_explode',
    run: xavps.explodeTree,
  }),
  xavu_params_implode: fn({
    doc: 'Write the values of an XAVU as a=b;c=d; into a variable.',
    args: [format('xname'), writablePvar('pvname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavu_params_implode',
    run: xavps.implodeTree,
  }),
  xavp_slist_explode: fn({
    doc: 'Split a text at any of the separators into the values v of a new XAVP.',
    args: [format('slist'), format('sep'), format('mode'), format('xname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.xavp_slist_explode',
    run: xavps.explodeList,
  }),
}

const variableFunctions: Rows = {
  pv_var_to_xavp: fn({
    doc: 'Copy a script variable, or all of them with *, into an XAVP.',
    args: [format('varname'), format('xname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_var_to_xavp',
    run: xavps.fromVariables,
  }),
  pv_xavp_to_var: fn({
    doc: 'Copy the values of an XAVP into script variables.',
    args: [format('xname')],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_xavp_to_var',
    run: xavps.toVariables,
  }),
  pv_xavp_print: fn({
    doc: 'Log all XAVPs.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_xavp_print',
    run: xavps.printXavps,
  }),
  pv_xavi_print: fn({
    doc: 'Log all XAVIs.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_xavi_print',
    run: xavps.printXavis,
  }),
  pv_xavu_print: fn({
    doc: 'Log all XAVUs.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.pv_xavu_print',
    run: xavps.printXavus,
  }),
}

const branchFunctions: Rows = {
  sbranch_append: fn({
    doc: 'Add the static branch to the destinations.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.sbranch_append',
    run: branches.appendBranch,
  }),
  sbranch_set_ruri: fn({
    doc: 'Make the static branch the request URI with its attributes.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.sbranch_set_ruri',
    run: branches.setRequestUri,
  }),
  sbranch_reset: fn({
    doc: 'Empty the static branch.',
    args: [],
    routes: ANY_ROUTE,
    kemi: 'pvx.sbranch_reset',
    run: branches.resetBranch,
  }),
}

export const functions: Rows = {
  ...valueFunctions,
  ...xavpFunctions,
  ...variableFunctions,
  ...branchFunctions,
}
