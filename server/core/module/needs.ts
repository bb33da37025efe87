/** What one module may ask of another. */

export interface Api<T> {
  readonly module: string
  /** The module may be absent: the token then gives null. */
  readonly optional: boolean
  readonly type?: T
}
export const api = <T>(module: string): Api<T> => ({ module, optional: false })
export const optionalApi = <T>(token: Api<T>): Api<T | null> =>
  ({ ...token, optional: true }) as Api<T | null>
// biome-ignore lint/suspicious/noExplicitAny: tokens are heterogeneous
export type Needs = Record<string, Api<any>>
export type ApisOf<N> = { [K in keyof N]: N[K] extends Api<infer T> ? T : never }
