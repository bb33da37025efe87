/**
 * One request text in, one reply text out: Kamailio's rules for what is no proper request are here.
 */
import { EXECUTION_ERROR, Fault } from '../../../rpc/faults.ts'
import { JsonObject, type JsonValue, readJson } from '../../../rpc/wire/json-read.ts'
import { type JsonPrinter, printNumber, printText } from '../../../rpc/wire/json-print.ts'
import { longList } from '../../../rpc/wire/long-list.ts'
import { plainValue } from '../../../rpc/wire/kamailio-reply.ts'
import type { Caller, Reply, RpcRegistry } from '../../core/rpc/registry.ts'

export interface Outcome {
  /** 200, or the code of the fault. */
  readonly code: number
  readonly reason: string
  /** The whole reply. */
  readonly body: string
}

export interface Request {
  readonly json: JsonValue
  /** Name of the FIFO that waits for the reply; null when none was given. */
  readonly replyName: string | null
}

/** null when the text is no JSON. */
export function readRequest(text: string): Request | null {
  const json = readJson(text)
  if (json === undefined) return null
  const name = json instanceof JsonObject ? json.get('reply_name') : undefined
  return { json, replyName: typeof name === 'string' ? name : null }
}

/** The outcome at once when the command does not have to wait. Never throws, never rejects. */
export function execute(
  registry: RpcRegistry,
  { json }: Request,
  caller: Caller,
  printer: JsonPrinter,
): Outcome | Promise<Outcome> {
  const request = json instanceof JsonObject ? json : new JsonObject([])
  const id = idOf(request.get('id'))
  const ok = (member: readonly [string, string]): Outcome => ({
    code: 200,
    reason: 'OK',
    body: printer.reply(member, id),
  })
  const done = ({ shape, value }: Reply): Outcome => ok(printer.result(shape, value))
  const later = (reply: Reply): Outcome | Promise<Outcome> => {
    const list = longList(reply.shape, reply.value)
    return list === null ? done(reply) : printer.longResult(reply.shape, list).then(ok)
  }
  const failed = (error: unknown): Outcome => {
    const { code, message } = error as Fault
    const [told, text] = code === 0 ? [EXECUTION_ERROR, 'Execution Error'] : [code, message]
    return { code: told, reason: text, body: printer.reply(printer.error(told, text), id) }
  }
  const method = request.get('method')
  const args = argumentsOf(request.get('params'))
  // What is no JSON-RPC 2.0 request gets an empty result and no error.
  if (request.get('jsonrpc') !== '2.0' || typeof method !== 'string') {
    return ok(printer.emptyResult())
  }
  if (args === null) {
    const shape = registry.find(method)?.method.result
    return shape?.kind === 'list' ? done({ shape, value: [] }) : ok(printer.emptyResult())
  }
  try {
    const reply = registry.call(method, args, caller)
    return reply instanceof Promise ? reply.then(later).catch(failed) : done(reply)
  } catch (error) {
    return failed(error)
  }
}

/**
 * Texts are echoed as texts, everything else as the number that it is in C; null when the request
 * had none.
 */
function idOf(id: JsonValue | undefined): string | null {
  if (id === undefined) return null
  if (typeof id === 'string') return printText(id)
  if (typeof id === 'number') return printNumber(id)
  return id === true ? '1' : '0'
}

/** An array, or the values of an object in their order; null when it is neither. */
function argumentsOf(params: JsonValue | undefined): unknown[] | null {
  if (params === undefined) return []
  if (Array.isArray(params)) return params.map(argument)
  return params instanceof JsonObject ? params.members.map(([, value]) => argument(value)) : null
}

const argument = (value: JsonValue): unknown =>
  typeof value === 'boolean' ? Number(value) : plainValue(value)
