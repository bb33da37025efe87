// Everything jansson offers to a config is named here.
import { defineModule, fn, format, writablePvar } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import * as run from './jansson.ts'

const routes = ANY_ROUTE
const into = writablePvar('variable')
const change = [format('type'), format('path'), format('value'), into] as const

export default defineModule({
  name: 'jansson',
  doc: 'Reads and changes JSON by paths.',
  needs: {},
  params: {},
  instance: run.Jansson,
  functions: {
    jansson_get: fn({
      doc: 'Put what is at a path into a variable.',
      kemi: 'get jansson_get',
      args: [format('path'), format('json'), into],
      routes,
      run: run.get,
    }),
    jansson_get_field: fn({
      doc: 'Put a member of an object into a variable; its name may hold dots.',
      args: [format('json'), format('name'), into],
      routes,
      run: run.getField,
    }),
    jansson_array_size: fn({
      doc: 'Put the number of elements of an array into a variable.',
      args: [format('path'), format('json'), into],
      routes,
      run: run.arraySize,
    }),
    jansson_set: fn({
      doc: 'Set what is at a path of the JSON in a variable.',
      args: change,
      routes,
      run: run.set,
    }),
    jansson_append: fn({
      doc: 'Put an element at the end of an array of the JSON in a variable.',
      args: change,
      routes,
      run: run.append,
    }),
    jansson_xdecode: fn({
      doc: 'Make an XAVP of the members of an object.',
      args: [format('json'), format('xavp')],
      routes,
      run: run.decode,
    }),
    jansson_xencode: fn({
      doc: 'Write an XAVP as JSON into a variable.',
      args: [format('xavp'), into],
      routes,
      run: run.encode,
    }),
  },
})
