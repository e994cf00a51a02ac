// The same promises as in tests/model/test_application_code.py and test_path_shortening.py.
import { describe, expect, test } from 'vitest'
import { ApplicationCode } from '../../src/lib/code/application-code'
import { FunctionTable } from '../../src/lib/code/function-table'
import { PathShortener } from '../../src/lib/code/path-shortening'
import { libraryName } from '../../src/lib/code/library-names'
import { compareFunctions, functionKey } from '../../src/lib/code/profiled-function'
import { matchesFunction, parseSearch } from '../../src/lib/filter/search'
import { FrameKind } from '../../src/lib/session/session'
import { frameLabel } from '../../src/lib/text/frame-label'
import { madeUpSession } from '../support/made-up-session'

test.each([
  ['/app/main.py', true],
  ['/usr/lib/python3.12/json/decoder.py', false],
  ['/usr/lib/python_tools/x.py', true],
  ['/usr/app/main.py', true],
  ['/app/.venv/lib/python3.12/site-packages/x.py', false],
  ['<frozen runpy>', false],
  ['<ipython-input-1-abc>', true],
  ['<python-input-0>', true],
  ['', false],
  ['/usr/lib/pypy3.10/x.py', false],
  ['/usr/lib/python312.zip/x.py', false],
])('%s is application code: %s', (path, expected) => {
  expect(new ApplicationCode(['/usr', '/usr']).isApplicationFile(path)).toBe(expected)
})

test('without prefixes, the standard library is known by its folder', () => {
  const rule = new ApplicationCode([])
  expect(rule.isApplicationFile('/opt/python/lib/python3.12/re.py')).toBe(false)
  expect(rule.isApplicationFile('/home/me/lib/tool.py')).toBe(true)
})

test('on Windows, letters may be of either case', () => {
  const rule = new ApplicationCode(['C:\\Python312'])
  expect(rule.isApplicationFile('c:\\python312\\LIB\\re.py')).toBe(false)
  expect(rule.isApplicationFile('C:\\work\\app.py')).toBe(true)
})

test.each([
  ['/app/pkg/main.py', 'main.py'],
  ['/app/other/x.py', 'other/x.py'],
  ['/elsewhere/x.py', '/elsewhere/x.py'],
  ['relative.py', 'relative.py'],
  ['C:\\Lib\\a\\b.py', 'a\\b.py'],
  ['<string>', '<string>'],
])('%s is shortened to %s', (path, expected) => {
  const shortener = new PathShortener(['/app', '/app/pkg', '', 'C:\\Lib'])
  expect(shortener.shorten(path)).toBe(expected)
})

test.each([
  ['django/db/models.py', 'django'],
  ['tool.py', 'tool'],
  ['/venv/lib/python3.12/site-packages/requests/api.py', 'requests'],
  ['/usr/lib/python3/dist-packages/apt.py', 'apt'],
  ['/usr/lib/python3.12/json/decoder.py', 'json'],
  ['C:\\Python312\\Lib\\site-packages\\numpy\\core.py', 'numpy'],
  ['/home/me/scripts/tool.py', 'scripts'],
  ['/tool.py', 'tool'],
  ['<frozen importlib._bootstrap>', 'importlib'],
])('%s belongs to %s', (shortFile, expected) => {
  const code = { kind: FrameKind.PYTHON, qualname: '', name: 'f', shortFile, firstLine: 1 }
  expect(libraryName(code)).toBe(expected)
})

describe('functions', () => {
  const session = madeUpSession({
    samples: [
      'main;work@/app/shop/cart.py:3 1',
      'main;work@/app/shop/cart.py:4;zlib.compress@<built-in> 1',
      'main;list.sort@<built-in> 1',
      'main;loads@/usr/lib/python3.12/json/decoder.py;[await] 1',
    ],
    hidden: ['loads'],
  })
  const { functions } = new FunctionTable(session)

  test('are the frames, each once, and the stand-ins', () => {
    expect(functions.map(({ name, position }) => [name, position])).toEqual([
      ['main', 'main.py:1'],
      ['work', 'shop/cart.py:1'],
      ['zlib.compress', '<built-in>'],
      ['list.sort', '<built-in>'],
      ['loads', 'json/decoder.py:1'],
      ['[await]', ''],
      ['[root]', ''],
      ['[self]', ''],
    ])
  })

  test('know their library and whose code they are', () => {
    expect(functions.map(({ library }) => library)).toEqual([
      'main', 'shop', 'zlib', 'built-in', 'json', '', '', '',
    ])
    expect(functions.map(({ isApplicationCode }) => isApplicationCode)).toEqual([
      true, true, false, false, false, false, false, false,
    ])
    expect(functions.map(({ hidden }) => hidden)).toEqual([
      false, false, false, false, true, false, false, false,
    ])
  })
})

describe('generated code', () => {
  const { functions } = new FunctionTable(
    madeUpSession({
      samples: [
        'main;Order::__init__@<string>:3 1',
        'main;Item::__init__@<string>:3 1',
        'main;Order::__init__@<string>:4 1',
        'main;Order::__instancecheck__@<frozen abc>;Order::save@/app/base.py 1',
        'main;Item::__instancecheck__@<frozen abc>;Item::save@/app/base.py 1',
        'main;__init__@<string> 1',
      ],
    }),
  )

  test('is a function for each class that it was made for, what has a file is one', () => {
    expect(functions.map(({ distinctName, file }) => [distinctName, file])).toEqual([
      ['main', '/app/main.py'],
      ['Order.__init__', '<string>'],
      ['Item.__init__', '<string>'],
      ['__instancecheck__', '<frozen abc>'],
      ['save', '/app/base.py'],
      ['__init__', '<string>'],
      ['[root]', ''],
      ['[self]', ''],
    ])
  })

  test('has the class in the key, in the order and in labels', () => {
    const keyOf = (className: string) =>
      functionKey('__init__', '', '<string>', 2, FrameKind.PYTHON, className)
    expect(['Order', 'Item', ''].map(keyOf)).toEqual([
      'Order.__init__\0<string>\x002',
      'Item.__init__\0<string>\x002',
      '__init__\0<string>\x002',
    ])
    const [, order, item, , , plain] = functions
    expect([plain, order, item].sort(compareFunctions)).toEqual([item, order, plain])
    expect([order, item, plain].map(frameLabel)).toEqual([
      'Order.__init__',
      'Item.__init__',
      '__init__',
    ])
  })

  test('is found by its class and by its name', () => {
    const found = (typed: string) =>
      functions
        .filter((code) => matchesFunction(code, parseSearch(typed)!))
        .map(({ distinctName }) => distinctName)
    expect(found('item.__init')).toEqual(['Item.__init__'])
    expect(found('/^__init__$/')).toEqual(['Order.__init__', 'Item.__init__', '__init__'])
  })
})
