/**
 * What scripts that wait call without knowing it. It runs in the context of the script, so that its
 * arrays and errors are the script's own.
 */
import type { Context } from 'node:vm'
import { runInContext } from 'node:vm'
import {
  AND_AWAIT,
  APPLY,
  APPLY_IF,
  AWAITED,
  AWAITS,
  CALL,
  CALL_IF,
  METHODS,
  NOW,
  PAIR,
  TAKEN,
  VALUE,
  WAIT,
  WAITS,
} from './names.ts'
import { WAITING, type WaitSlot } from './slot.ts'

/** Puts it into a context; once. */
export function installPrelude(context: Context, slot: WaitSlot): void {
  const make = runInContext(PRELUDE, context, { filename: 'app_jsdt' }) as (
    wait: object,
    take: () => unknown,
    putOwn: (own: PromiseLike<unknown>) => object,
  ) => Record<string, unknown>
  const names = make(WAITING, () => slot.take(), slot.putOwn)
  for (const [name, value] of Object.entries({ ...names, [VALUE]: undefined, [WAIT]: WAITING }))
    Object.defineProperty(context, name, { value, enumerable: false, writable: name === VALUE })
}

const PRELUDE = `((WAIT, take, putOwn) => {
  'use strict'
  const { apply: run, getPrototypeOf } = Reflect
  const ofGenerators = getPrototypeOf(function* () {})
  const generators = ofGenerators.prototype
  const isSteps = value => run(Object.prototype.isPrototypeOf, generators, [value])
  const hide = (object, name, value) =>
    Object.defineProperty(object, name, { value, configurable: true, writable: true })
  let taken

  const keyOf = isAsync => (isAsync ? '${AWAITS}' : '${WAITS}')

  // Both forms of a function: whoever does not know of waiting calls the plain one.
  function pair(waits, name = waits.name, isAsync = false) {
    // Another function may have been declared under its name.
    if (!run(Object.prototype.isPrototypeOf, ofGenerators, [waits])) return waits
    const plain = function (...given) {
      return now(waits, this, given, isAsync)
    }
    hide(plain, 'name', name)
    hide(plain, 'length', waits.length)
    hide(waits, 'name', name)
    hide(plain, keyOf(isAsync), waits)
    hide(waits, keyOf(isAsync), waits)
    const bind = (...given) => pair(waits.bind(...given), 'bound ' + name, isAsync)
    hide(plain, 'bind', bind)
    return plain
  }

  function methods(constructor, own, ofClass) {
    for (const [object, rows] of [[constructor.prototype, own], [constructor, ofClass]])
      for (const [name, isAsync] of rows) hide(object, name, pair(object[name], name, isAsync))
  }

  function now(waits, self, given, isAsync) {
    const steps = run(waits, self, given)
    if (isAsync) return new Promise((done, failed) => alone(steps, done, failed))
    let step = steps.next()
    while (!step.done) step = steps.next(take().refuse())
    return step.value
  }

  // An async function that nobody around it awaits.
  function alone(steps, done, failed) {
    const go = next => {
      try {
        let step = next()
        while (!step.done) {
          const pending = take()
          if (pending.own !== null) {
            Promise.resolve(pending.own).then(
              value => go(() => steps.next(value)),
              error => go(() => steps.throw(error)),
            )
            return
          }
          step = steps.next(pending.refuse())
        }
        done(step.value)
      } catch (error) {
        failed(error)
      }
    }
    go(() => steps.next())
  }

  function* once() {
    return yield
  }

  // Its value, or WAIT when it goes on by steps: those that stand in taken.
  function call(fn, self, given, name, awaits) {
    if (typeof fn !== 'function') throw new TypeError(name + ' is not a function')
    const waits = fn.${WAITS} ?? (awaits ? fn.${AWAITS} : undefined)
    if (waits === undefined) return run(fn, self, given)
    const value = run(waits, self, given)
    if (value === WAIT) taken = once()
    else if (isSteps(value)) taken = value
    else return value
    return WAIT
  }

  const callers = (awaits, end) => ({
    ['${CALL}' + end]: (object, name, ...given) =>
      call(object[name], object, given, String(name), awaits),
    ['${APPLY}' + end]: (fn, self, name, ...given) => call(fn, self, given, name, awaits),
    ['${CALL_IF}' + end]: (object, name, ...given) =>
      object[name] == null ? undefined : call(object[name], object, given, String(name), awaits),
    ['${APPLY_IF}' + end]: (fn, self, name, ...given) =>
      fn == null ? undefined : call(fn, self, given, name, awaits),
  })

  function* each(fn, self, ...given) {
    const waits = fn?.${WAITS}
    if (waits === undefined) return run(fn, self, given)
    const value = run(waits, self, given)
    if (value === WAIT) return yield
    return isSteps(value) ? yield* value : value
  }

  function* search(list, fn, self, from, step) {
    for (let i = from; i >= 0 && i < list.length; i += step)
      if (yield* each(fn, self, list[i], i, list)) return i
    return -1
  }

  function* fold(list, fn, given, from, step) {
    let i = from
    const inside = () => i >= 0 && i < list.length
    while (given.length === 0 && inside() && !(i in list)) i += step
    if (given.length === 0 && !inside())
      throw new TypeError('Reduce of empty array with no initial value')
    let value = given.length === 0 ? list[i] : given[0]
    if (given.length === 0) i += step
    for (; inside(); i += step)
      if (i in list) value = yield* each(fn, undefined, value, list[i], i, list)
    return value
  }

  const ofArrays = {
    *forEach(fn, self) {
      const { length } = this
      for (let i = 0; i < length; i++) if (i in this) yield* each(fn, self, this[i], i, this)
    },
    *map(fn, self) {
      const made = new Array(this.length)
      for (let i = 0; i < made.length; i++)
        if (i in this) made[i] = yield* each(fn, self, this[i], i, this)
      return made
    },
    *filter(fn, self) {
      const kept = []
      const { length } = this
      for (let i = 0; i < length; i++) {
        const one = this[i]
        if (i in this && (yield* each(fn, self, one, i, this))) kept.push(one)
      }
      return kept
    },
    *some(fn, self) {
      for (let i = 0; i < this.length; i++)
        if (i in this && (yield* each(fn, self, this[i], i, this))) return true
      return false
    },
    *every(fn, self) {
      for (let i = 0; i < this.length; i++)
        if (i in this && !(yield* each(fn, self, this[i], i, this))) return false
      return true
    },
    *find(fn, self) {
      return this[yield* search(this, fn, self, 0, 1)]
    },
    *findIndex(fn, self) {
      return yield* search(this, fn, self, 0, 1)
    },
    *findLast(fn, self) {
      return this[yield* search(this, fn, self, this.length - 1, -1)]
    },
    *findLastIndex(fn, self) {
      return yield* search(this, fn, self, this.length - 1, -1)
    },
    *flatMap(fn, self) {
      const made = []
      for (let i = 0; i < this.length; i++)
        if (i in this) made.push(yield* each(fn, self, this[i], i, this))
      return made.flat()
    },
    *reduce(fn, ...given) {
      return yield* fold(this, fn, given, 0, 1)
    },
    *reduceRight(fn, ...given) {
      return yield* fold(this, fn, given, this.length - 1, -1)
    },
  }
  for (const name of Object.keys(ofArrays)) hide(Array.prototype[name], '${WAITS}', ofArrays[name])
  for (const { prototype } of [Map, Set])
    hide(prototype.forEach, '${WAITS}', function* (fn, self) {
      for (const [key, value] of this.entries()) yield* each(fn, self, value, key, this)
    })
  hide(Array.from, '${WAITS}', function* (source, fn, self) {
    const made = run(Array.from, this, [source])
    if (fn === undefined) return made
    for (let i = 0; i < made.length; i++) made[i] = yield* each(fn, self, made[i], i)
    return made
  })
  hide(Function.prototype.call, '${WAITS}', function* (self, ...given) {
    return yield* each(this, self, ...given)
  })
  hide(Function.prototype.apply, '${WAITS}', function* (self, given) {
    return yield* each(this, self, ...(given ?? []))
  })
  // Each step stands in it twice.
  Error.stackTraceLimit = 30

  return {
    ${PAIR}: pair,
    ${METHODS}: methods,
    ${NOW}: now,
    ...callers(false, ''),
    ...callers(true, '${AND_AWAIT}'),
    ${TAKEN}: () => {
      const steps = taken
      taken = undefined
      return steps
    },
    ${AWAITED}: value =>
      value !== null && typeof value === 'object' && typeof value.then === 'function'
        ? putOwn(value)
        : value,
  }
})`
