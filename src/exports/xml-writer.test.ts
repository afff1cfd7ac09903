import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { element, xmlDocument } from './xml-writer.ts'

test('whatever a title holds, the document is well formed and the title is read back', () => {
  const title = '<b>"Fish" & ‘Chips’</b> ]]> &amp; \u{1F41F}'
  const xml = xmlDocument(
    element('a', { title, gone: undefined }, element('b', {}, title), undefined, element('c')),
  )
  expect(XMLValidator.validate(xml)).toBe(true)
  const parser = new XMLParser({ ignoreAttributes: false })
  expect(parser.parse(xml)).toMatchObject({ a: { '@_title': title, b: title, c: '' } })
})

test('what XML has no place for goes, and nothing else', () => {
  const { markup } = element('a', {}, 'one\u0000\u0008\u001f two\ud800\uffff\tthree\n四')
  expect(markup).toBe('<a>one two\tthree\n四</a>')
})
