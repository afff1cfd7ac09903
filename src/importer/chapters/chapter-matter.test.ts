import { expect, test } from 'vitest'
import { buildEpub, type EpubPage } from '../../../test/fixtures/epub.ts'
import { importBytes, listed } from '../../../test/fixtures/import-bytes.ts'
import { roleByTitle } from './chapter-matter.ts'

const prose = '<p>Words.</p>'
const page = (name: string, body: string, attributes = ''): EpubPage => ({
  name: `${name}.xhtml`,
  body,
  attributes,
})
const nav = (...names: readonly string[]): string =>
  `<ol>${names.map((name) => `<li><a href="${name.toLowerCase()}.xhtml">${name}</a></li>`).join('')}</ol>`

test('apparatus by semantic types is front or back matter, and stays in the book', async () => {
  const typed = (name: string, type: string): EpubPage =>
    page(name, `<section epub:type="${type}"><h2>${name}</h2>${prose}</section>`)
  const novel = await importBytes(
    await buildEpub({
      pages: [
        typed('t', 'titlepage'),
        typed('imp', 'copyright-page'),
        typed('pre', 'preface'),
        typed('half', 'halftitlepage'),
        typed('one', 'chapter'),
        typed('epi', 'epilogue'),
        typed('n', 'endnotes'),
        page('col', `<section role="doc-colophon">${prose}</section>`, 'epub:type="backmatter"'),
      ],
      nav: nav('T', 'Imp', 'Pre', 'Half', 'One', 'Epi', 'N', 'Col'),
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'front | T',
    'front | Imp',
    'body | Pre',
    'front | Half',
    'body | One',
    'body | Epi',
    'back | N',
    'back | Col',
  ])
})

const point = (name: string, title: string): string =>
  `<navPoint><navLabel><text>${title}</text></navLabel><content src="${name}.xhtml"/></navPoint>`

test('in an EPUB 2 matter is classified by guide and titles', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [page('x', prose), page('c', prose), page('one', prose), page('two', prose), page('d', prose)],
      ncx:
        point('x', 'Half') +
        point('c', 'Copyright') +
        point('one', 'One') +
        point('two', 'Two') +
        point('d', 'Danksagung'),
      guide: '<reference type="title-page" href="x.xhtml"/>',
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual([
    'front | Half',
    'front | Copyright',
    'body | One',
    'body | Two',
    'back | Danksagung',
  ])
})

test('documents before the first entry are front matter, and an unlisted colophon is not joined to the last chapter', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        page('title', '<h1>The Sea</h1><p>by Anna Bell</p>'),
        page('one', prose),
        page('two', prose),
        page('colophon', `<section epub:type="colophon"><h2>Colophon</h2>${prose}</section>`),
      ],
      nav: nav('One', 'Two'),
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['front | The Sea', 'body | One', 'body | Two', 'back | Colophon'])
})

test('pages that are lists of links, and the nav in the spine, are not narrated', async () => {
  const links = ['one', 'two', 'three', 'four']
    .map((name) => `<p><a href="${name}.xhtml">${name}</a></p>`)
    .join('')
  const novel = await importBytes(
    await buildEpub({
      pages: [page('list', links), ...['one', 'two', 'three', 'four'].map((name) => page(name, prose))],
      nav: nav('One', 'Two', 'Three', 'Four'),
      navInSpine: true,
    }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['body | One', 'body | Two', 'body | Three', 'body | Four'])
  expect(novel.report.skipped['table-of-contents']).toBe(2)
  expect(novel.chapters[0]?.skips.map(({ text }) => text)).toContain('one two three four')
})

test('a book of only notes keeps them as its text', async () => {
  const novel = await importBytes(
    await buildEpub({ pages: [page('notes', prose), page('index', prose)], nav: nav('Notes', 'Index') }),
    'a.epub',
  )
  expect(listed(novel)).toEqual(['body | Notes', 'body | Index'])
})

test.each([
  'Copyright Page',
  'Table of Contents',
  'Table des matières',
  'Inhaltsverzeichnis',
  'Índice',
  'Ringraziamenti',
  'Sumário',
  'Примечания',
  'Mục lục',
  '版权页',
  '奥付',
  '차례',
  'About the Author',
  'Also by Anna Bell',
  'Transcriber’s Note',
  'Translator’s Preface',
  'Préface de l’Éditeur',
  'Vorwort des Herausgebers',
  'Предисловие переводчика',
  'Lời người dịch',
  '译者序',
  '訳者あとがき',
  '옮긴이의 말',
  'Introduction by Somebody Else',
])('the title %s is apparatus', (title) => {
  expect(roleByTitle(title, 'Anna Bell')).toBe('apparatus')
})

test.each([
  'Chapter 1',
  'Preface',
  'Prologue',
  'Notes from Underground',
  'The Index',
  'Lời nói đầu',
  '序',
  'Mapmaker',
  'The Editor',
  'L’autre',
])('the title %s is not apparatus', (title) => {
  expect(roleByTitle(title, 'Anna Bell')).toBeUndefined()
})

test('an introduction by the author is part of the story', () => {
  expect(roleByTitle('Introduction by Anna Bell', 'Anna Bell')).toBe('story')
})
