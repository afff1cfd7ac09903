import { expect, test } from 'vitest'
import { bookmarksMarkdown } from './bookmarks-markdown.ts'

test('bookmarks are written by novel and chapter, and no character of a book or note is taken for Markdown', () => {
  const marked = { chapterNumber: 2, chapterTitle: 'The *Lamp*', createdAt: '2026-11-29T10:00:00.000Z' }
  const text = bookmarksMarkdown([
    {
      title: 'The Night Watch',
      author: 'Anna_Bell',
      bookmarks: [
        { ...marked, quote: '“No!” she said,\nand shut [it].', note: '1. first\n- second' },
        { ...marked, quote: '# Not a heading', note: '' },
        { ...marked, chapterNumber: 3, chapterTitle: '', quote: '<b>', note: 'a\\b' },
      ],
    },
    { title: 'Another', author: '', bookmarks: [] },
  ])
  expect(text).toBe(`# The Night Watch

Anna\\_Bell

## The \\*Lamp\\*

> “No!” she said,
>
> and shut \\[it\\].

1\\. first

\\- second

*2026-11-29*

> \\# Not a heading

*2026-11-29*

## 3

> \\<b\\>

a\\\\b

*2026-11-29*

# Another
`)
})
