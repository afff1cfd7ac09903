import { expect, test } from 'vitest'
import { parseByteSize } from './export-command.ts'

test.for([
  ['500MB', 500_000_000],
  ['1.5 GB', 1_500_000_000],
  ['700mib', 734_003_200],
  ['64kB', 64_000],
  [' 4GiB ', 4_294_967_296],
] as const)('%s are %d bytes', ([text, bytes]) => {
  expect(parseByteSize(text)).toBe(bytes)
})

test.for(['', '500', 'MB', '0MB', '-1MB', '0.00001kB', '1e3MB', '5 TB', '1,5GB', '99999999999GB'])(
  '"%s" is rejected as a size',
  (text) => {
    expect(() => parseByteSize(text)).toThrow('write it as 500MB')
  },
)
