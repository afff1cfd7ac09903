import { expect, test } from 'vitest'
import { speechServerAddress, speechServerKey, speechServerName } from './speech-server.ts'

test.each([
  ['http://desk:8880/v1', 'http://desk:8880/v1'],
  ['  http://desk:8880/v1/  ', 'http://desk:8880/v1'],
  ['http://desk:8880', 'http://desk:8880/v1'],
  ['HTTPS://API.OpenAI.com/', 'https://api.openai.com/v1'],
  ['https://api.openai.com:443/v1', 'https://api.openai.com/v1'],
  ['http://[::1]:5005/v1', 'http://[::1]:5005/v1'],
  ['http://desk:8880/v1/audio/speech', 'http://desk:8880/v1'],
  ['http://desk:8880/v1/audio/voices/', 'http://desk:8880/v1'],
  ['http://desk:8880/v1/models', 'http://desk:8880/v1'],
  ['http://desk:8880/audio/speech', 'http://desk:8880/v1'],
  // Any other path is kept as entered.
  ['https://home.example/tts/api', 'https://home.example/tts/api'],
  ['https://home.example/kokoro/v1', 'https://home.example/kokoro/v1'],
  ['https://home.example/v2//', 'https://home.example/v2'],
])('the address %s is kept as %s', (typed, address) => {
  expect(speechServerAddress(typed)).toBe(address)
  expect(speechServerAddress(address)).toBe(address)
})

test.each([
  ['', 'is empty'],
  ['desk:8880/v1', 'http:// or https://'],
  ['localhost', 'http:// or https://'],
  ['ftp://desk/v1', 'http:// or https://'],
  ['file:///etc/passwd', 'http:// or https://'],
  ['javascript:alert(1)', 'http:// or https://'],
  ['http://', 'is none'],
  ['http://desk:99999', 'is none'],
  ['http://me:secret@desk:8880/v1', 'a name or password'],
  ['http://desk:8880/v1?key=1', 'after a ? or #'],
  ['http://desk:8880/v1?', 'after a ? or #'],
  ['http://desk:8880/v1#top', 'after a ? or #'],
  ['http://desk :8880', 'blanks or control'],
  ['http://desk\n.example', 'blanks or control'],
  ['http://de\u200bsk', 'blanks or control'],
  [`http://${'a'.repeat(600)}`, 'longer than any'],
])('the address "%s" is refused with a hint', (typed, reason) => {
  expect(() => speechServerAddress(typed)).toThrow(reason)
})

test('a password in an address is not in the message', () => {
  expect(() => speechServerAddress('http://me:secret@desk/v1')).toThrow(/^(?!.*secret)/)
})

test('a key is trimmed and otherwise kept, or refused without being in the message', () => {
  expect(speechServerKey(' sk-abc_DEF-123\n')).toBe('sk-abc_DEF-123')
  expect(speechServerKey('')).toBeUndefined()
  expect(speechServerKey('  ')).toBeUndefined()
  for (const key of ['sk-a\nb', 'sk-ключ', 'sk a', 's'.repeat(2000)]) {
    expect(() => speechServerKey(key)).toThrow(/^The request is not right: the key holds characters/)
  }
})

test.each([
  ['Kokoro on the desk PC', 'kokoro-on-the-desk-pc'],
  ['  OpenAI (paid!) ', 'openai-paid'],
  ['Giọng đọc Đà Nẵng', 'giong-doc-da-nang'],
  ['a:b/c', 'a-b-c'],
  ['语音', 'server'],
  ['', 'server'],
  ['x'.repeat(90), 'x'.repeat(40)],
])('the title "%s" gives the name %s', (title, name) => {
  expect(speechServerName(title)).toBe(name)
})

test('a name in use gets a number', () => {
  expect(speechServerName('Kokoro', new Set(['kokoro', 'kokoro-2']))).toBe('kokoro-3')
  expect(speechServerName('语音', new Set(['server']))).toBe('server-2')
})
