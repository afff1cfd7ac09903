import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nameKeyOf } from '../novel/person.ts'
import { isCommonPassword } from './common-passwords.ts'
import { checkPassword, hashPassword, isPassword } from './passwords.ts'

test('a password is known by its hash, which is another one each time, however its letters were composed', async () => {
  const [one, two] = [await hashPassword('café au lait'), await hashPassword('café au lait')]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(one).not.toBe(two)
  expect(await isPassword('café au lait'.normalize('NFD'), one)).toBe(true)
  expect(await isPassword('cafe au lait', one)).toBe(false)
  for (const none of [null, undefined, '', '$2b$10$abc', `${one}$`]) {
    expect(await isPassword('café au lait', none), String(none)).toBe(false)
  }
})

test('of the standard another program makes the same hash', async () => {
  // By the reference implementation: echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
  const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await isPassword('password', known)).toBe(true)
  expect(await isPassword('passwore', known)).toBe(false)
})

test('what is guessed first is refused, and no kinds of letters are asked for', () => {
  const refusal = (password: string) => () => checkPassword(password, 'Grace')
  for (const [password, reason] of [
    ['seven77', 'fewer than 8'],
    ['x'.repeat(201), 'longer than 200'],
    ['abababab', 'few different'],
    ['my grace 42', 'a name'],
    ['Nightjar2026', 'a name'],
    ['Password123!', 'would try'],
    ['12345678', 'would try'],
    ['hgfedcba', 'would try'],
    ['90210733', 'would try'],
    // Of the list alone, in whatever letters and widths.
    ['1Qaz2WSX', 'would try'],
    ['ｔｒｕｓｔｎｏ１', 'would try'],
    ['rush2112', 'would try'],
  ] as const) {
    expect(refusal(password), password).toThrow(reason)
  }
  for (const password of ['a lamp in the window', 'grünes haus', '夜の鳥が鳴いている', 'xkq-vmtw']) {
    expect(refusal(password), password).not.toThrow()
  }
})

test('the 3000 most common passwords of the length that is asked for are all refused', () => {
  const text = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
  const listed = text
    .slice(text.indexOf('\n-----\n') + 7)
    .trimEnd()
    .split('\n')
  expect(new Set(listed).size).toBeGreaterThanOrEqual(3000)
  expect(listed.filter((password) => password.length < 8 || password !== nameKeyOf(password))).toEqual([])
  expect(listed.filter((password) => !isCommonPassword(password))).toEqual([])
  for (const password of listed)
    expect(() => checkPassword(password.toUpperCase(), 'Grace')).toThrow('guessed')
})
