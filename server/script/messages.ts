/** Every diagnostic of the config compiler: code, sentence, hint. */

export interface Said {
  readonly text: string
  readonly hint: string
}

const say = (text: string, hint = ''): Said => ({ text, hint })
const list = (words: readonly string[]): string => words.map(word => `'${word}'`).join(', ')

/** `did you mean 'x'?`, or nothing. */
const meant = (words: readonly string[]): string =>
  words.length === 0 ? '' : `did you mean ${list(words).replace(/, (?=[^,]*$)/, ' or ')}?`

export const MESSAGES = {
  // ---- reading
  CFG_FILE: (name: string) => say(`cannot read ${name}`, 'check its name and its permissions'),
  CFG_CHARACTER: (char: string) => say(`the character ${JSON.stringify(char)} has no meaning here`),
  CFG_LONE_DOLLAR: () => say('a $ without a name behind it', 'variables are $name or $name(...)'),
  CFG_OPEN_STRING: () => say('this string is not closed', 'add the closing quote'),
  CFG_OPEN_PVAR: () => say('the parentheses of this variable are not closed', "add ')'"),
  CFG_EMPTY: (hint: string) => say('there is nothing in this config', hint),
  CFG_OPEN_COMMENT: () => say('this comment is not closed, so the rest of the file is part of it'),
  CFG_INCLUDE_DEPTH: (most: number) => say(`includes are nested deeper than ${most}`),
  CFG_INCLUDE_MISSING: (name: string) =>
    say(
      `cannot open included file "${name}"`,
      'looked for in the working directory and beside this file; import_file does not insist',
    ),
  CFG_INCLUDE_NAME: (word: string) =>
    say(
      'the name of an included file must be in double quotes',
      `write ${word} "name.cfg" and a blank or a line end behind it`,
    ),
  CFG_INCLUDE_LONG: (most: number) =>
    say(`the name of an included file has more than ${most} letters`),
  CFG_SUBSTITUTION: (text: string) =>
    say(`"${text}" is no substitution`, 'it is written "/expression/replacement/flags"'),
  CFG_DEFINE_CIRCLE: (name: string) => say(`the define ${name} leads back to itself`),
  CFG_LOAD_VARIABLE: (name: string) =>
    say(
      `${name} has no value while the config is read: it stays as it is`,
      'of use are $env(X), $def(X), $HN(f) and $version(num), with transformations',
    ),
  CFG_DEFINE_COMMENT: (name: string) =>
    say(
      `the value of ${name} ends in a comment, which swallows the rest of this line`,
      'put the comment above the #!define',
    ),
  CFG_DEFINED_TWICE: (name: string) =>
    say(`${name} is already defined`, 'use #!redefine to replace it, #!trydef to keep the first'),
  CFG_NOT_DEFINED: (name: string) => say(`${name} is not defined`, 'use #!tryundef'),
  CFG_NO_ENVIRONMENT: (name: string) =>
    say(`the environment has no ${name}`, 'use #!trydefenv when it may be absent'),
  CFG_DIRECTIVE_NAME: (word: string) => say(`#!${word} needs a name`),
  CFG_DIRECTIVE_STRING: (word: string) => say(`#!${word} needs a string in double quotes`),
  CFG_DIRECTIVE_DASH: (name: string) =>
    say(`a name cannot hold a '-': ${name}-`, 'use letters, digits and _'),
  CFG_DIRECTIVE_OUTSIDE: (word: string) =>
    say(`#!${word} is only for outside of the routes`, 'put it above them'),
  CFG_DIRECTIVE_TAIL: (word: string) =>
    say(`#!${word} with something behind it is only a comment`, 'leave nothing behind it'),
  CFG_DIRECTIVE_BLANK: (word: string) =>
    say(`${word} is only a comment`, 'it wants a blank and a name behind it'),
  CFG_DIRECTIVE_UNKNOWN: (word: string, alike: readonly string[]) =>
    say(`${word} is only a comment: there is no such directive`, meant(alike)),
  CFG_LONE_ELSE: () => say('#!else without an #!ifdef'),
  CFG_LONE_ENDIF: () => say('#!endif without an #!ifdef'),
  CFG_OPEN_IFDEF: (word: string) => say(`${word} has no #!endif`),
  CFG_IFDEF_DEPTH: (most: number) => say(`conditionals are nested deeper than ${most}`),
  CFG_ONLY_6: (what: string) => say(`Kamailio 5.6 does not know ${what}`, 'drop --strict-5.6'),

  // ---- parsing
  CFG_FIRST_COMMA: () => say('a comma before the first argument is passed over', 'leave it out'),
  CFG_HOST_TEXT: (text: string) => say(`"${text}" is no host`, `write it without quotes: ${text}`),
  CFG_LISTEN_PROTO: (proto: string) =>
    say(`nothing listens on ${proto}`, 'WebSockets come in over tcp and tls'),
  CFG_EVENT_PART: (name: string, event: string) =>
    say(`'${name}' is no event name: it is read as ${event}`),
  CFG_RESERVED: (word: string, instead: string) =>
    say(`${word} is a word of the language`, `write ${instead}`),
  CFG_VARIABLE_SIGN: () => say('a variable cannot begin with a negative number', 'use cfg.seti'),
  CFG_MODULE_TWICE: (name: string, line: string) =>
    say(`module ${name} is already loaded`, `see ${line}`),
  CFG_SYNTAX: (found: string, expected: string) =>
    say(`syntax error: ${expected} expected, found ${found}`),
  CFG_SEMICOLON: () => say("missing ';'"),
  CFG_DEPTH: (most: number) => say(`nested deeper than ${most}`),
  CFG_NO_CALL: (name: string) =>
    say(
      `syntax error: '(' expected behind ${name}`,
      `a function is called ${name}(...); a #!define must stand above its use`,
    ),
  CFG_BARE_WORD: (word: string) =>
    say(
      `${word} is neither a value nor a define`,
      `write "${word}" for the text, or #!define it above`,
    ),
  CFG_BARE_VALUE: (word: string) =>
    say(
      `number or string expected, found the word ${word}`,
      `write "${word}" for the text, or #!define it above`,
    ),
  CFG_BAD_VALUE: (text: string, hint: string) => say(text, hint),
  CFG_CONDITION: (name: string, operators: string) =>
    say(`one of ${operators} expected behind ${name}`),
  CFG_ADDRESS: (text: string) => say(`${text} is no IPv4 address`),
  CFG_PORT: (found: string) => say(`a port between 0 and 65535 expected, found ${found}`),
  CFG_SOCKET_ATTRIBUTE: (name: string) =>
    say(
      `unknown attribute ${name} of a socket`,
      'bind, advertise, name, workers, agname, virtual, vrf',
    ),
  CFG_SOCKET_BIND: () => say('the socket has no bind = [proto:]address[:port];'),
  CFG_ROUTE_UNNAMED: (word: string) =>
    say(`${word} has no name`, word === 'reply_route' ? 'use onreply_route[NAME]' : ''),
  CFG_ROUTE_NAME: (name: string) =>
    say(`${name}... is no route name`, 'put a name with - or . in quotes'),
  CFG_EVENT_NAME: (name: string) =>
    say(`'${name}' is no event name`, 'events are named group:name, as in tm:local-request'),
  CFG_EMPTY_BLOCK: () => say('a block cannot be empty', "put a ';' into it"),
  CFG_OPEN_BLOCK: (found: string, line: number) =>
    say(`'}' expected, found ${found}`, `the block was opened in line ${line}`),
  CFG_UNKNOWN_STATEMENT: (word: string, call: boolean) =>
    say(
      call ? `${word}() is called outside of a route` : `syntax error at ${word}`,
      call ? 'a } too many above, or a call that belongs into request_route' : '',
    ),

  // ---- checking: outside of the routes
  CFG_UNKNOWN_PARAM: (name: string, alike: readonly string[], former = '') =>
    say(`unknown config variable ${name}`, former || meant(alike)),
  CFG_PARAM_NUMBER: (name: string) => say(`${name} is a number`, 'write it without quotes'),
  CFG_PARAM_TEXT: (name: string, given: string) =>
    say(`${name} is a string`, given === '' ? 'write it in quotes' : `write "${given}"`),
  CFG_PARAM_WORDS: (name: string, known: readonly string[], alike: readonly string[]) =>
    say(`${name} is a number or one of ${known.join(', ')}`, meant(alike)),
  CFG_PARAM_VALUE: (name: string, text: string) => say(`${name}: ${text} is none of its values`),
  CFG_PARAM_LACKING: (name: string, doc: string) => say(`${name}: ${doc}`),
  CFG_VARIABLE_TWICE: (name: string) => say(`variable already exists: ${name}`),
  CFG_VARIABLE_OWNED: (name: string, group: string, instead: string) =>
    say(`${name} cannot be declared: the group ${group} has been already declared`, instead),
  CFG_VARIABLE_UNKNOWN: (name: string, alike: readonly string[]) =>
    say(`unknown variable: ${name}`, meant(alike)),
  CFG_VARIABLE_NUMBER: (name: string, text: string) => say(`${name} is a number, "${text}" is not`),
  CFG_FLAG_RANGE: (name: string, most: number) => say(`flag ${name} is not between 0 and ${most}`),
  CFG_FLAG_TWICE: (name: string) => say(`flag ${name} is already declared`),
  CFG_UNKNOWN_MODULE: (name: string, alike: readonly string[], former: string) =>
    say(`there is no module ${name}`, former || meant(alike)),
  CFG_MISSING_MODULE: (name: string, version: string, allowed: boolean, instead: string) =>
    say(
      `module ${name} of Kamailio ${version} is not here${instead === '' ? ' yet' : ''}`,
      instead !== ''
        ? `instead: ${instead}`
        : allowed
          ? 'its functions return -1, its variables are $null'
          : '--allow-missing starts without it: its functions return -1, its variables are $null',
    ),
  CFG_NEEDS_MODULE: (name: string, needed: string, missing: boolean) =>
    say(
      `module ${name} needs module ${needed}`,
      missing ? `${needed} is not here yet` : `put loadmodule "${needed}.so" above`,
    ),
  CFG_NO_MODULE_MATCHES: (pattern: string, advice: string) =>
    say(`no module matching ${pattern} is loaded`, advice),
  CFG_UNKNOWN_MODPARAM: (module: string, name: string, alike: readonly string[], former: string) =>
    say(`module ${module} has no parameter ${name}`, former || meant(alike)),
  CFG_MISSING_PARAM: (module: string, name: string) =>
    say(`parameter ${name} of module ${module} is ignored: the module is not here yet`),
  CFG_MODPARAM_NUMBER: (module: string, name: string) =>
    say(`parameter ${name} of module ${module} is a number`, 'write it without quotes'),
  CFG_MODPARAM_TEXT: (module: string, name: string) =>
    say(`parameter ${name} of module ${module} is a string`, 'write it in quotes'),
  CFG_MODPARAM_FORMAT: (text: string) =>
    say(
      `"${text}" is no parameter`,
      'write modname:paramname:i:number or modname:paramname:s:text',
    ),
  CFG_MODPARAM_SWITCH: (module: string, name: string, given: number) =>
    say(`parameter ${name} of module ${module} is a switch: ${given} counts as 1`),
  CFG_MODPARAM_RANGE: (module: string, name: string, least: string, most: string) =>
    say(`parameter ${name} of module ${module} is out of range`, `from ${least} to ${most}`),

  CFG_ENGINE: (name: string, known: readonly string[]) =>
    say(`there is no engine ${name} for the routing script`, `there are ${known.join(', ')}`),
  CFG_ENGINE_MODULE: (name: string) =>
    say(`cfgengine "${name}" needs module app_${name}`, `put loadmodule "app_${name}.so" above`),

  // ---- checking: routes
  CFG_DUPLICATE_ROUTE: (what: string, line: string) =>
    say(`duplicate route: ${what} is already there`, `see ${line}`),
  CFG_ROUTE_GOES_ON: (what: string, line: string) =>
    say(`${what} is already there: this block goes on where that one ends`, `see ${line}`),
  CFG_NO_ROUTE: (kind: string, name: string, alike: readonly string[]) =>
    say(`${kind} "${name}" not found`, meant(alike)),
  CFG_CANNOT_WAIT: (what: string, waiting: string) =>
    say(
      `${what} calls ${waiting}(), which fails for replies when it would have to wait`,
      'replies leave in their order: wait in the onreply_route',
    ),
  CFG_NOTHING_BEHIND: (name: string) =>
    say(
      `${name}() has nothing behind it in its { }, and fails there`,
      'what is to be done later must follow in the same braces',
    ),
  CFG_UNKNOWN_FUNCTION: (name: string, alike: readonly string[], advice: string) =>
    say(`unknown command ${name}, missing loadmodule?`, advice || meant(alike)),
  CFG_MISSING_FUNCTION: (name: string, module: string) =>
    say(`${name}() belongs to module ${module}, which is not here yet`),
  CFG_MISSING_PVAR: (name: string, module: string) =>
    say(`$${name} belongs to module ${module}, which is not here yet`),
  CFG_MISSING_TRANSFORMATION: (name: string, module: string) =>
    say(`{${name}} belongs to module ${module}, which is not here yet`),
  CFG_MISSING_EVENT: (name: string, module: string) =>
    say(`event_route[${name}] never runs: its module ${module} is not here yet`),
  CFG_UNKNOWN_EVENT: (name: string, alike: readonly string[]) =>
    say(`event_route[${name}] never runs: nothing raises that event`, meant(alike)),
  CFG_ARITY: (name: string, given: number, wanted: string, signature: string) =>
    say(`${name} takes ${wanted}, not ${given}`, signature),
  CFG_WRONG_BLOCK: (name: string, block: string, allowed: string) =>
    say(`Command cannot be used in the block: ${name} in ${block}`, `it is for ${allowed}`),
  CFG_NOT_CONSTANT: (name: string, number: number) =>
    say(`function ${name}: parameter ${number} is not constant`),
  CFG_NOT_PVAR: (name: string, number: number) =>
    say(`function ${name}: parameter ${number} must be a variable`, 'as in "$var(x)"'),
  CFG_NESTED_CALL: (name: string) =>
    say(
      `use of function execution inside params not allowed: ${name}`,
      'assign its result to a variable first',
    ),
  CFG_NOT_NUMBER: (name: string, number: number, text: string) =>
    say(`function ${name}: parameter ${number} must be a number, not "${text}"`),
  CFG_AVP_FLAG_NUMBER: (name: string) =>
    say(`the flag ${name} of AVPs has no number of its own`, `avpflags ${name}`),
  CFG_FLAG_UNKNOWN: (name: string) => say(`flag not declared: ${name}`, `put flags ${name} above`),
  CFG_READ_ONLY: (name: string) => say(`${name} cannot be assigned to`),
  CFG_TRANSFORMED_TARGET: (name: string) =>
    say(`${name} has transformations and cannot be assigned to`),
  CFG_UNKNOWN_PVAR: (name: string, alike: readonly string[], advice: string) =>
    say(
      `unknown variable $${name}`,
      advice || meant(alike) || 'the module that has it may not be loaded',
    ),
  CFG_PVAR_DOT: (name: string, short: string) =>
    say(`unknown variable $${name}`, `a dot belongs to the name: write $(${short}). instead`),
  CFG_PVAR_INDEX: (name: string) => say(`$${name} has one value and takes no index`),
  CFG_PVAR_INNER: (name: string) => say(`$${name} needs a name in parentheses`),
  CFG_PVAR_NO_INNER: (name: string) => say(`$${name} takes no name in parentheses`),
  CFG_UNKNOWN_TRANSFORMATION: (name: string, alike: readonly string[], advice: string) =>
    say(`unknown transformation {${name}}`, advice || meant(alike)),
  CFG_TRANSFORMATION_ARITY: (name: string, given: number, wanted: string) =>
    say(`{${name}} takes ${wanted}, not ${given}`),

  // ---- checking: expressions
  CFG_TYPE: (is: string, should: string) =>
    say(`bad expression: type mismatch: ${is} instead of ${should}`, `cast it: (${should})`),
  CFG_INTEGER: (what: string) => say(`${what} takes a number, not a string`),
  CFG_CONDITION_TEXT: () => say('non-int expression', 'you might want to use a cast: (int)'),
  CFG_REGEX: (why: string) => say(`bad regular expression: ${why}`),
  CFG_MIXED_CASES: () => say('bad switch(): mixed integer and string cases not allowed'),
  CFG_DEFAULT_TWICE: () => say("bad switch(): too many 'default:' labels"),
  CFG_CASE_TWICE: (label: string) => say(`duplicate case label ${label}`),
  CFG_CASE_CONSTANT: () => say('a case label must be constant'),
  CFG_ONSEND_ONLY: (name: string) => say(`${name} is allowed only in onsend_route`),
  CFG_HOST_CONDITION: (name: string) =>
    say(`${name} is a host name`, 'compare with an address, or with "$dns(...)" of module ipops'),
  CFG_NETWORK: (text: string) => say(`${text} is neither an address nor a network`),
}
