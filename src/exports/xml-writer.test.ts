import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { element, xmlDocument } from './xml-writer.ts'

test('a title with markup and special characters makes a well-formed document and is read back', () => {
  const title = '<b>"Fish" & ‘Chips’</b> ]]> &amp; \u{1F41F}'
  const xml = xmlDocument(
    element('a', { title, gone: undefined }, element('b', {}, title), undefined, element('c')),
  )
  expect(XMLValidator.validate(xml)).toBe(true)
  const parser = new XMLParser({ ignoreAttributes: false })
  expect(parser.parse(xml)).toMatchObject({ a: { '@_title': title, b: title, c: '' } })
})

test('characters that XML 1.0 does not allow are removed, and no others', () => {
  const { markup } = element('a', {}, 'one\u0000\u0008\u001f two\ud800\uffff\tthree\n四')
  expect(markup).toBe('<a>one two\tthree\n四</a>')
})
