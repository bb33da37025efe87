/** The RPC commands that a module answers: all of a contract. */
import type { Methods, ResultOf, TypeOf } from '../../../rpc/schema.ts'

// A parameter may be left out by the caller: `maybe` shapes give undefined.
// biome-ignore lint/suspicious/noExplicitAny: shapes are heterogeneous
type RpcParams<X> = X extends { params: infer P extends readonly any[] }
  ? { -readonly [I in keyof P]: TypeOf<P[I]> }
  : never
/** A handler per method of the contract: (instance, ...params) -> result, or throws Fault. */
export type Handlers<S, M extends Methods> = {
  [K in keyof M]: (self: S, ...params: RpcParams<M[K]>) => ResultOf<M[K]> | Promise<ResultOf<M[K]>>
}
