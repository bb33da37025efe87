/** The names that the text of a script gets, for what waits; all are hidden from scripts. */

/** The property of a function under which its other form stands: one that can be left. */
export const WAITS = '__ohana_waits'
/** The same of an async function. */
export const AWAITS = '__ohana_awaits'
/** What a call has given. */
export const VALUE = '__ohana_value'
/** What a call gives that has to wait. */
export const WAIT = '__ohana_wait'
/** Makes both forms of a function. */
export const PAIR = '__ohana_pair'
/** The same for the methods of a class. */
export const METHODS = '__ohana_methods'
/** Runs the form that can be left where it cannot. */
export const NOW = '__ohana_now'
/** Call a function that may have two forms: of an object, by its value; `if`: if it is there. */
export const CALL = '__ohana_call'
export const APPLY = '__ohana_apply'
export const CALL_IF = '__ohana_call_if'
export const APPLY_IF = '__ohana_apply_if'
/** Behind the name of one of these four: who calls awaits the value of an async function. */
export const AND_AWAIT = '_and_await'
/** The generator that the last of these has made. */
export const TAKEN = '__ohana_taken'
/** Is this a promise that has to be waited for? */
export const AWAITED = '__ohana_awaited'
/** The arguments of a function whose parameters have values that wait. */
export const ARGUMENTS = '__ohana_arguments'
/** Behind the name of a private method: its form that can be left. */
export const SUFFIX = '__ohana_waits'
