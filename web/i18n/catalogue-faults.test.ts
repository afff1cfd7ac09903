import { expect, test } from 'vitest'
import { catalogueFaults } from './catalogue-faults.ts'

const used = {
  a: { message: 'Read <0>{title}</0>' },
  b: { message: '{n, plural, one {# chapter of {title}} other {# chapters of {title}}}' },
}
const whole = {
  a: { message: used.a.message, translation: 'Đọc <0>{title}</0>' },
  b: { message: used.b.message, translation: '{n, plural, other {# chương của {title}}}' },
}

test('a whole catalogue has no faults, whatever its plural forms', () => {
  expect(catalogueFaults(used, whole)).toEqual([])
})

test('a message that is missing, marked as obsolete, empty or no longer used is a fault', () => {
  expect(catalogueFaults(used, { a: whole.a })).toEqual([`“${used.b.message}” is missing`])
  expect(catalogueFaults(used, { ...whole, a: { ...whole.a, obsolete: true } })).toEqual([
    `“${used.a.message}” is missing`,
  ])
  expect(catalogueFaults(used, { ...whole, a: { ...whole.a, translation: ' ' } })).toEqual([
    `“${used.a.message}” is not translated`,
  ])
  expect(catalogueFaults(used, { ...whole, c: { message: 'Old', translation: 'Cũ' } })).toEqual([
    '“Old” is not on the page any more',
  ])
})

test.each([
  ['a value by another name', 'Đọc <0>{tile}</0>'],
  ['a value that is left out', 'Đọc <0>sách</0>'],
  ['a tag that is not closed', 'Đọc <0>{title}'],
  ['a tag that is left out', 'Đọc {title}'],
])('%s is a fault', (_, translation) => {
  expect(catalogueFaults(used, { ...whole, a: { ...whole.a, translation } })).toEqual([
    `“${used.a.message}” has other placeholders than “${translation}”`,
  ])
})
