import { expect, test } from 'vitest'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const prose = 'It was a long way to the sea, and nobody who had gone there had come back to tell of it.'
/** A paragraph wrapped at about 70 characters. */
const wrapped = [
  'It was a long way to the sea, and nobody who had gone there had come',
  'back to tell of it. The road was white with dust, the hedges were all',
  'grey, and the larks had stopped singing a good while before noon, as',
  'larks do in August when there is nobody about to hear them.',
].join('\n')

test('wrapped lines are joined, without a space after a hyphen or dash', async () => {
  const text = `Chapter 1\n\n${wrapped}\n\nThe daisy-\nchain was long enough, she thought, to reach round all of the garden--\nand back.\n\n${wrapped}\n\n${wrapped}`
  const [chapter] = (await importBytes(text, 'a.txt')).chapters
  expect(chapter?.blocks).toHaveLength(5)
  expect(chapter?.blocks[1]?.text).not.toContain('\n')
  expect(chapter?.blocks[2]?.text).toBe(
    'The daisy-chain was long enough, she thought, to reach round all of the garden--and back.',
  )
})

test('in a text without wrapping each line is a paragraph', async () => {
  const novel = await importBytes(
    '第一章 出山\n　　他走了。\n　　没有人说话，连风也停了，山下的河水还是那样流着，像什么也没有发生过一样。\n第二章 下山\n　　他回来了。',
    '书.txt',
  )
  expect(novel.chapters.map(shown)).toEqual([
    [
      'heading: 第一章 出山',
      'paragraph: 他走了。',
      'paragraph: 没有人说话，连风也停了，山下的河水还是那样流着，像什么也没有发生过一样。',
    ],
    ['heading: 第二章 下山', 'paragraph: 他回来了。'],
  ])
})

test('short lines that are capitalised or indented are verse, and keep their line breaks', async () => {
  const text = `Chapter 1\n\n${wrapped}\n\n     How doth the little crocodile\n       Improve his shining tail,\n\n* * *\n\n${wrapped}`
  const [chapter] = (await importBytes(text, 'a.txt')).chapters
  expect(shown(chapter!)[2]).toBe('verse: How doth the little crocodile\nImprove his shining tail,')
  expect(shown(chapter!)[3]).toBe('scene-break: * * *')
})

test('CRLF, form feeds and decomposed characters do not change the result', async () => {
  expect(
    (await importBytes('Chapter 1\r\n\r\nCafe\u0301.\r\n\r\n\fChapter 2\r\n\r\nNon.', 'a.txt')).chapters.map(
      shown,
    ),
  ).toEqual([
    ['heading: Chapter 1', 'paragraph: Café.'],
    ['heading: Chapter 2', 'paragraph: Non.'],
  ])
})

test('Project Gutenberg’s frame is left out, and its header is parsed', async () => {
  const text = `The Project Gutenberg EBook of The Sea\n\nTitle: The Sea\n       and the Shore\n\nAuthor: Anna Bell\n\nLanguage: German\n
*** START OF THIS PROJECT GUTENBERG EBOOK THE SEA AND\nTHE SHORE ***\n\nProduced by Carl Dorn and\nothers\n\n\nCHAPTER I\n\n${prose}\n
End of the Project Gutenberg EBook of The Sea\n\n*** END OF THIS PROJECT GUTENBERG EBOOK THE SEA ***\n\nLICENCE`
  const novel = await importBytes(text, 'pg1.txt')
  expect(novel).toMatchObject({ title: 'The Sea and the Shore', author: 'Anna Bell', language: 'de' })
  expect(novel.chapters.map(shown)).toEqual([['heading: CHAPTER I', `paragraph: ${prose}`]])
  expect(novel.report.remarks.join()).toContain('Project Gutenberg')
})

test('title and author come from the text if it has them, else from the file’s name, never from a sentence', async () => {
  expect(await importBytes(`《西游记》 作者：吴承恩\n\n第一回 灵根\n\n诗曰。`, 'x.txt')).toMatchObject({
    title: '西游记',
    author: '吴承恩',
  })
  expect(await importBytes(`Tên truyện: Gió\nTác giả: Lan\n\nChương 1\n\nGió nổi.`, 'x.txt')).toMatchObject({
    title: 'Gió',
    author: 'Lan',
  })
  expect(await importBytes(`The Sea\n\nby Anna Bell\n\nChapter 1\n\n${prose}`, 'x.txt')).toMatchObject({
    title: 'The Sea',
    author: 'Anna Bell',
  })
  expect(await importBytes(`${prose}\n\nAnd so on.`, 'My_Novel.txt')).toMatchObject({
    title: 'My Novel',
    author: '',
  })
})

test('a text without headings is one chapter, and a remark says so', async () => {
  const novel = await importBytes(`${prose}\n\n“No!”`, 'A Day.txt')
  expect(listed(novel)).toEqual(['body | A Day'])
  expect(shown(novel.chapters[0]!)).toEqual([`paragraph: ${prose}`, 'paragraph: “No!”'])
  expect(novel.report).toMatchObject({ evidence: 'whole-text', encoding: 'utf-8' })
  expect(novel.report.remarks).toHaveLength(1)
})

test('a title page is left out with a remark, a preface stays', async () => {
  const novel = await importBytes(
    `THE SEA\n\nA Novel\n\nLONDON 1899\n\nPREFACE\n\n${prose}\n\nCHAPTER I\n\n${prose}\n\nCHAPTER II\n\n${prose}`,
    'a.txt',
  )
  expect(listed(novel)).toEqual(['body | PREFACE', 'body | CHAPTER I', 'body | CHAPTER II'])
  expect(novel.report.remarks).toEqual(['The title page was left out: THE SEA A Novel LONDON 1899'])
})

test('a long text before the first heading is kept', async () => {
  const novel = await importBytes(`${prose.repeat(5)}\n\nCHAPTER I\n\n${prose}`, 'a.txt')
  expect(novel.chapters).toHaveLength(2)
})

test('footnotes and their references are removed from the text', async () => {
  const novel = await importBytes(
    `Chapter 1\n\nThe sea[1] was calm.\n\n  [1] The North Sea.\n\n  Or another.\n\n\nThe [2] end.`,
    'a.txt',
  )
  expect(shown(novel.chapters[0]!)).toEqual([
    'heading: Chapter 1',
    'paragraph: The sea was calm.',
    'paragraph: The [2] end.',
  ])
  expect(novel.chapters[0]!.skips).toEqual([
    { block: 1, start: 7, end: 7, reason: 'note-reference', text: '[1]' },
    { block: 1, start: 17, end: 17, reason: 'note', text: '[1] The North Sea.' },
    { block: 1, start: 17, end: 17, reason: 'note', text: 'Or another.' },
  ])
})

test('a site’s banner is left out with a remark', async () => {
  const lines = Array.from({ length: 12 }, (_, index) => `第${index + 1}章\n他走了。`).join('\n')
  const novel = await importBytes(`《山》\n下载 https://example.com 小说\n${lines}\nwww.example.com`, 'a.txt')
  expect(novel.chapters).toHaveLength(12)
  expect(novel.chapters.flatMap(shown).join()).not.toContain('example')
  expect(novel.report.skipped).toMatchObject({ advertisement: 2 })
  expect(novel.report.remarks.join()).toContain('下载 https://example.com 小说')
})

test('notes marked by asterisks are removed if the text has the mark, and lists keep theirs', async () => {
  const text = `Chapter 1\n\n“La balance y est... * A German knows,\nand je vous demande,” *(2) said he.\n\n     * So that squares matters.\n\n     *(2) I ask you.\n\nHe bought\n\n* bread\n\n* wine`
  const [chapter] = (await importBytes(text, 'a.txt')).chapters
  const skips = chapter!.skips.map(({ reason, text: what }) => `${reason} ${what}`)
  expect(skips).toContain('note * So that squares matters.')
  expect(skips).toContain('note-reference *(2)')
  expect(shown(chapter!).slice(-3)).toEqual([
    'paragraph: He bought',
    'paragraph: * bread',
    'paragraph: * wine',
  ])
})
