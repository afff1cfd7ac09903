import { expect, test } from 'vitest'
import { readAtomFeed, readSearchDescription } from './atom-feed.ts'
import { readOpds2Document } from './opds2-document.ts'
import { searchAddress } from './search-template.ts'

const base = new URL('https://box.local/opds/list?page=1')

test('a feed of OPDS 1.2 gives its lists, its books with what can be read of them, its pages and its search', () => {
  const page = readAtomFeed(
    `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:os="http://a9.com/-/spec/opensearch/1.1/">
    <title>  The
      shelf </title><os:totalResults>321</os:totalResults>
    <link rel="next" href="?page=2" type="application/atom+xml"/>
    <link rel="search" href="/search.xml" type="application/opensearchdescription+xml"/>
    <link rel="search" href="find/{searchTerms}" type="application/atom+xml"/>
    <entry><title>By author</title><content type="text">All of &lt;b&gt;them&lt;/b&gt;</content>
      <link rel="subsection" href="authors" type="application/atom+xml;profile=opds-catalog;kind=navigation"/></entry>
    <entry><title>A &amp; B</title><author><name>Anna</name></author><author><name>Ben</name></author>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Of <i>two</i>.</div></content>
      <link rel="http://opds-spec.org/acquisition" href="/a.pdf" type="application/pdf"/>
      <link rel="http://opds-spec.org/acquisition/open-access" href="/a.epub" type="application/epub+zip;charset=x"/>
      <link rel="http://opds-spec.org/acquisition" href="/a.m4b" type="audio/mp4"/>
      <link rel="http://opds-spec.org/acquisition" href="file:///etc/passwd" type="text/plain"/>
      <link rel="http://opds-spec.org/acquisition/buy" href="/buy.epub" type="application/epub+zip"/></entry>
    <entry><title>Heard only</title><link rel="http://opds-spec.org/acquisition" href="/b.mp3" type="audio/mpeg"/></entry>
    <entry><title>In part</title><link rel="alternate" href="/entry/7" type="application/atom+xml;type=entry"/></entry>
    <entry><title>Nowhere</title><link rel="related" href="/x" type="application/atom+xml"/></entry>
    </feed>`,
    base,
  )
  expect(page).toEqual({
    title: 'The shelf',
    total: 321,
    next: 'https://box.local/opds/list?page=2',
    search: 'https://box.local/opds/find/%7BsearchTerms%7D',
    folders: [
      { title: 'By author', summary: 'All of them', address: 'https://box.local/opds/authors' },
      { title: 'In part', address: 'https://box.local/entry/7' },
    ],
    books: [
      {
        title: 'A & B',
        author: 'Anna, Ben',
        summary: 'Of two.',
        files: [
          { address: 'https://box.local/a.epub', type: 'application/epub+zip', ending: '.epub' },
          { address: 'https://box.local/a.pdf', type: 'application/pdf', ending: '.pdf' },
        ],
      },
      { title: 'Heard only', author: '', files: [] },
    ],
  })
})

test('a document of OPDS 2.0 gives the same, also of groups and in several languages', () => {
  const book = (title: unknown, href: string, author: unknown = 'Anna') => ({
    metadata: { title, author },
    links: [{ rel: 'http://opds-spec.org/acquisition', href, type: 'application/epub+zip' }],
  })
  const page = readOpds2Document(
    JSON.stringify({
      metadata: { title: { de: 'Regal', en: 'Shelf' }, numberOfItems: 4 },
      links: [
        { rel: ['next', 'last'], href: '?page=2' },
        { rel: 'search', href: '/find{?query,title}', templated: true },
      ],
      navigation: [{ title: 'New', href: '/new', type: 'application/opds+json' }, { href: 7 }],
      publications: [
        book('One', '/1.epub'),
        { metadata: 'broken' },
        book({ fr: 'Deux' }, '/2.epub', [{ name: 'Ben' }, 'Cleo']),
      ],
      groups: [
        {
          metadata: { title: 'Classics' },
          links: [{ rel: 'self', href: '/classics' }],
          publications: [book('Three', '/3.epub', undefined)],
        },
      ],
    }),
    base,
  )
  expect(page).toMatchObject({
    title: 'Shelf',
    total: 4,
    next: 'https://box.local/opds/list?page=2',
    folders: [
      { title: 'New', address: 'https://box.local/new' },
      { title: 'Classics', address: 'https://box.local/classics' },
    ],
    books: [
      { title: 'One', author: 'Anna', files: [{ address: 'https://box.local/1.epub' }] },
      { title: 'Deux', author: 'Ben, Cleo' },
      { title: 'Three', author: 'Anna' },
    ],
  })
  expect(searchAddress(page?.search ?? '', 'a&b c')).toBe('https://box.local/find?query=a%26b%20c')
  const alone = readOpds2Document(JSON.stringify(book('Alone', '/a.epub')), base)
  expect(alone?.books).toMatchObject([{ title: 'Alone' }])
})

test('a search is asked for by templates of both kinds', () => {
  const described = readSearchDescription(
    `<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
    <Url type="text/html" template="/html?q={searchTerms}"/>
    <Url type="application/atom+xml;profile=opds-catalog" template="/q={searchTerms}&amp;p={startPage?}&amp;n={count}"/>
    </OpenSearchDescription>`,
    base,
  )
  expect(searchAddress(described ?? '', 'Đêm & ngày')).toBe(
    'https://box.local/q=%C4%90%C3%AAm%20%26%20ng%C3%A0y&p=&n=50',
  )
  expect(searchAddress('https://a.b/x?y=1{&query}', 'z')).toBe('https://a.b/x?y=1&query=z')
  expect(searchAddress('https://a.b/x?y={startIndex}', 'z')).toBeUndefined()
})

test('what is no catalogue is none, however it is made', () => {
  for (const text of ['', '<html><body><a href="x">x</a></body></html>', '<feed', 'PK\u0003\u0004', '<rss/>'])
    expect(readAtomFeed(text, base)?.books ?? []).toEqual([])
  expect(readAtomFeed('<html/>', base)).toBeUndefined()
  for (const text of ['{', '[]', '{}', 'null', '{"metadata":7}', '{"a":{"metadata":{}}}'])
    expect(readOpds2Document(text, base)?.books ?? []).toEqual([])
  expect(() => readAtomFeed(`<feed>${'<a>'.repeat(5000)}`, base)).toThrow(/nest/)
  const entities = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><title>&x;</title></feed>'
  expect(readAtomFeed(entities, base)?.title).not.toContain('root')
  const many = readAtomFeed(
    `<feed>${'<entry><title>a</title><link href="/a" type="application/atom+xml" rel="x"/></entry>'.repeat(3000)}</feed>`,
    base,
  )
  expect(many?.folders).toHaveLength(1000)
})
