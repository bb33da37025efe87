/**
 * Runs in every new state before the script: what WebAssembly cannot do by itself (files, modules,
 * output) over the functions of `system`, and the names of Lua 5.1, for which Kamailio's scripts on
 * Debian are written.
 */
export const PRELUDE = String.raw`
local system, folder = ...

-- ---- files: read whole when they are opened, written whole when they are flushed
local File = {__name = 'FILE*'}
File.__index = File

local function open_file(path, mode)
  local kind, plus = string.match(mode, '^([rwa])b?(%+?)b?$')
  if kind == nil then error("bad argument #2 to 'open' (invalid mode)", 3) end
  local text, why, code = system.read(path)
  if kind == 'r' and text == nil then return nil, why, code end
  local self = {path = path, text = text or '', at = 1, changed = false, closed = false}
  self.can_read = kind == 'r' or plus == '+'
  self.can_write = kind ~= 'r' or plus == '+'
  self.append = kind == 'a'
  if kind == 'w' then
    self.text, self.changed = '', true
  elseif kind == 'a' then
    self.changed = text == nil
  end
  setmetatable(self, File)
  if self.changed then
    local ok, problem, number = self:flush()
    if ok == nil then return nil, problem, number end
  end
  return self
end

local function living(self)
  if self.closed then error('attempt to use a closed file', 3) end
  return self
end

local function read_one(self, format)
  if type(format) == 'number' then
    if self.at > #self.text and format > 0 then return nil end
    local part = string.sub(self.text, self.at, self.at + format - 1)
    self.at = self.at + #part
    return part
  end
  local what = string.match(format, '^%*?([nlLa])')
  if what == 'a' then
    local rest = string.sub(self.text, self.at)
    self.at = #self.text + 1
    return rest
  end
  if self.at > #self.text then return nil end
  if what == 'n' then
    local found, last = string.match(self.text, '^%s*([-+%w.]+)()', self.at)
    if found == nil or tonumber(found) == nil then return nil end
    self.at = last
    return tonumber(found)
  end
  if what == nil then error("bad argument #1 to 'read' (invalid format)", 3) end
  local stop = string.find(self.text, '\n', self.at, true)
  local line = string.sub(self.text, self.at, (stop or #self.text + 1) - (what == 'L' and 0 or 1))
  self.at = (stop or #self.text) + 1
  return line
end

function File:read(...)
  living(self)
  if not self.can_read then return nil, 'Bad file descriptor', 9 end
  local formats = {...}
  if #formats == 0 then formats[1] = 'l' end
  local results = {}
  for i, format in ipairs(formats) do
    results[i] = read_one(self, format)
    if results[i] == nil then return table.unpack(results, 1, i) end
  end
  return table.unpack(results, 1, #formats)
end

function File:lines(...)
  living(self)
  local formats = {...}
  return function() return self:read(table.unpack(formats)) end
end

function File:write(...)
  living(self)
  if not self.can_write then return nil, 'Bad file descriptor', 9 end
  for i = 1, select('#', ...) do
    local part = tostring((select(i, ...)))
    if self.append then self.at = #self.text + 1 end
    self.text = string.sub(self.text, 1, self.at - 1) .. part ..
      string.sub(self.text, self.at + #part)
    self.at = self.at + #part
  end
  self.changed = true
  return self
end

function File:seek(whence, offset)
  living(self)
  local from = {set = 0, cur = self.at - 1, ['end'] = #self.text}
  self.at = (from[whence or 'cur'] or 0) + (offset or 0) + 1
  return self.at - 1
end

function File:flush()
  living(self)
  if self.changed then
    local ok, why, code = system.write(self.path, self.text)
    if not ok then return nil, why, code end
    self.changed = false
  end
  return self
end

function File:setvbuf() return true end

function File:close()
  local ok, why, code = living(self):flush()
  self.closed = true
  if ok == nil then return nil, why, code end
  return true
end

function File:__tostring()
  return self.closed and 'file (closed)' or 'file (' .. self.path .. ')'
end

function File:__gc() if not self.closed then self:close() end end
File.__close = File.__gc

-- Standard output and error are the log of the node.
local function stream(name, is_error)
  local self = {path = name}
  function self.write(this, ...)
    system.log(table.concat({...}), is_error)
    return this
  end
  for _, word in ipairs {'flush', 'close', 'setvbuf'} do
    self[word] = function(this) return this end
  end
  function self.read() return nil end
  return setmetatable(self, {__name = 'FILE*', __tostring = function() return name end})
end

local function refuse(name, why)
  return function() error(name .. ': ' .. why, 2) end
end

io = {stdout = stream('stdout', false), stderr = stream('stderr', true), stdin = stream('stdin')}
local input, output = io.stdin, io.stdout
function io.open(path, mode) return open_file(path, mode or 'r') end
function io.lines(path, ...)
  if path == nil then return input:lines(...) end
  local file, why = open_file(path, 'r')
  if file == nil then error(why, 2) end
  return file:lines(...)
end
function io.input(file)
  if file ~= nil then input = type(file) == 'string' and assert(io.open(file)) or file end
  return input
end
function io.output(file)
  if file ~= nil then output = type(file) == 'string' and assert(io.open(file, 'w')) or file end
  return output
end
function io.read(...) return input:read(...) end
function io.write(...) return output:write(...) end
function io.close(file) return (file or output):close() end
function io.tmpfile() return open_file(system.tmpname(), 'w+') end
function io.type(file)
  local meta = type(file) == 'table' and getmetatable(file)
  if not meta or meta.__name ~= 'FILE*' then return nil end
  return file.closed and 'closed file' or 'file'
end
io.popen = refuse('io.popen', 'a routing script cannot run programs')
os.execute = refuse('os.execute', 'a routing script cannot run programs')
os.exit = refuse('os.exit', 'use KSR.x.exit() to end the script')
os.getenv, os.remove, os.rename, os.tmpname =
  system.getenv, system.remove, system.rename, system.tmpname
debug.debug = refuse('debug.debug', 'there is no terminal')

function print(...)
  local words = {}
  for i = 1, select('#', ...) do words[i] = tostring((select(i, ...))) end
  system.log(table.concat(words, '\t'), false)
end

-- ---- modules and chunks from files
local function load_file(path, mode, env)
  local text, why = system.read(path)
  if text == nil then return nil, 'cannot open ' .. why end
  return load((string.gsub(text, '^#[^\n]*', '')), '@' .. path, mode or 'bt', env or _G)
end
loadfile = load_file
function dofile(path)
  local chunk, why = load_file(path)
  if chunk == nil then error(why, 0) end
  return chunk()
end

local places = {folder .. '/?.lua', './?.lua'}
for _, root in ipairs {'/usr/local/share/lua', '/usr/share/lua'} do
  for _, version in ipairs {'5.4', '5.1'} do
    table.insert(places, root .. '/' .. version .. '/?.lua')
    table.insert(places, root .. '/' .. version .. '/?/init.lua')
  end
end
package.path, package.cpath = table.concat(places, ';'), ''
package.loadlib = function() return nil, 'libraries in C cannot be loaded', 'absent' end
function package.searchpath(name, path, separator, replacement)
  local file = string.gsub(name, '%' .. (separator or '.'), replacement or '/')
  local tried = {}
  for place in string.gmatch(path, '[^;]+') do
    local candidate = string.gsub(place, '%?', (string.gsub(file, '%%', '%%%%')))
    if system.read(candidate) ~= nil then return candidate end
    tried[#tried + 1] = "no file '" .. candidate .. "'"
  end
  return nil, table.concat(tried, '\n\t')
end
package.searchers = {
  package.searchers[1],
  function(name)
    local path, tried = package.searchpath(name, package.path)
    if path == nil then return tried end
    local chunk, why = load_file(path)
    if chunk == nil then error("error loading module '" .. name .. "': " .. why, 0) end
    return chunk, path
  end,
}
package.loaders = package.searchers

-- ---- Lua 5.1
unpack, loadstring = table.unpack, load
function table.getn(list) return #list end
function table.maxn(list)
  local most = 0
  for key in pairs(list) do if type(key) == 'number' and key > most then most = key end end
  return most
end
function table.foreach(list, run)
  for key, value in pairs(list) do
    local result = run(key, value)
    if result ~= nil then return result end
  end
end
function table.foreachi(list, run)
  for i = 1, #list do
    local result = run(i, list[i])
    if result ~= nil then return result end
  end
end
string.gfind = string.gmatch
math.mod, math.log10 = math.fmod, function(x) return math.log(x, 10) end
function math.pow(x, y) return x ^ y end
function math.atan2(y, x) return math.atan(y, x) end
function math.sinh(x) return (math.exp(x) - math.exp(-x)) / 2 end
function math.cosh(x) return (math.exp(x) + math.exp(-x)) / 2 end
function math.tanh(x)
  local e = math.exp(2 * x)
  return e == math.huge and 1 or (e - 1) / (e + 1)
end
function math.ldexp(m, e) return m * 2.0 ^ e end
function math.frexp(x)
  if x == 0 or x ~= x or x == math.huge or x == -math.huge then return x, 0 end
  local e = math.floor(math.log(math.abs(x), 2)) + 1
  local m = x / 2.0 ^ e
  if math.abs(m) >= 1 then m, e = m / 2, e + 1 end
  return m, e
end
function gcinfo() return math.floor(collectgarbage('count')) end
local function environment_of(run)
  for i = 1, 255 do
    local name = debug.getupvalue(run, i)
    if name == '_ENV' then return i end
    if name == nil then return nil end
  end
end
local function running(level)
  return type(level) == 'function' and level or debug.getinfo((level or 1) + 2, 'f').func
end
function getfenv(level)
  if level == 0 then return _G end
  local run = running(level)
  local at = environment_of(run)
  if at == nil then return _G end
  return (select(2, debug.getupvalue(run, at)))
end
function setfenv(level, env)
  local run = running(level)
  local at = environment_of(run)
  if at ~= nil then debug.upvaluejoin(run, at, function() return env end, 1) end
  return run
end
debug.getfenv, debug.setfenv = getfenv, setfenv
`
