import { i18n } from '@lingui/core'
import { afterEach, expect, test } from 'vitest'
import { figure, partOf } from './figure-words.ts'

afterEach(() => i18n.activate('en'))

test('a number is written in one way, whether it is a part or the whole', () => {
  expect(figure(2000)).toBe('2,000')
  expect(figure(7.94, 1)).toBe('7.9')
  expect(partOf(1248, 2000)).toBe('1,248 of 2,000')
})

test('a number is written as the language of the page writes it', () => {
  i18n.loadAndActivate({ locale: 'vi', messages: {} })
  expect(figure(2000)).toBe('2.000')
  expect(figure(7.94, 1)).toBe('7,9')
})
