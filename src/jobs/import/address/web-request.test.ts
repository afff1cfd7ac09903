import { expect, test } from 'vitest'
import { webAddress } from './web-request.ts'

test.for([
  ['http://2130706433/', '127.0.0.1'],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://0177.0.0.1/', '127.0.0.1'],
  ['http://127.1/', '127.0.0.1'],
  ['http://①②⑦.0.0.1/', '127.0.0.1'],
  ['http://[::ffff:127.0.0.1]/', '[::ffff:7f00:1]'],
] as const)('%s is written in one way alone', ([address, host]) => {
  expect(webAddress(address).hostname).toBe(host)
})

test.for([
  ['', 'it is empty'],
  ['file:///etc/passwd', 'http:// or https://'],
  ['gopher://127.0.0.1:70/', 'http:// or https://'],
  ['javascript:alert(1)', 'http:// or https://'],
  ['http://', 'it is none'],
  ['two words', 'it is none'],
  ['https://me:secret@example.org/', 'name or password'],
  [`https://example.org/${'a'.repeat(3000)}`, 'longer than any real one'],
] as const)('the address “%s” is refused with a sentence', ([address, detail]) => {
  expect(() => webAddress(address)).toThrow(
    expect.objectContaining({ code: 'address.unfit', message: expect.stringContaining(detail) as string }),
  )
})

test('an address is taken as people write it', () => {
  expect(webAddress(' example.org/story#part2 ').href).toBe('https://example.org/story')
  expect(webAddress('box.local:8080/a').href).toBe('https://box.local:8080/a')
})
