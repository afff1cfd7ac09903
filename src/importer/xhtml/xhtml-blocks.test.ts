import { expect, test } from 'vitest'
import { readBlocks } from './xhtml-blocks.ts'

/** The blocks of a body, each as `kind: text`. */
function read(body: string): string[] {
  return readBlocks(`<html><head><title>t</title></head><body>${body}</body></html>`, 'a.xhtml').drafts.map(
    ({ kind, text }) => `${kind}: ${text}`,
  )
}

/** The text removed from a body: block, offset, reason, text. */
function removed(body: string): string[] {
  return readBlocks(`<html><body>${body}</body></html>`, 'a.xhtml').drafts.flatMap((draft, index) =>
    draft.removed.map(({ at, reason, text }) => `${index}@${at} ${reason} ${text}`),
  )
}

/** The ruby readings of a body: base and reading. */
function readings(body: string): string[] {
  return readBlocks(`<html><body>${body}</body></html>`, 'a.xhtml').drafts.flatMap(({ text, readings }) =>
    readings.map(({ start, end, said }) => `${text.slice(start, end)} ${said}`),
  )
}

test('white space collapses, invisible and control characters are removed, and the text is NFC', () => {
  expect(read('<p>  One\n\t two&nbsp;\u3000three, four\u00adteen \u200bfive\u2060\u0007.  </p>')).toEqual([
    'paragraph: One two three, fourteen five.',
  ])
  expect(read('<p>Cafe\u0301 Vie\u0323\u0302t</p>')).toEqual(['paragraph: Café Việt'])
})

test('offsets are adjusted when characters are composed', () => {
  expect(removed('<p>Cafe\u0301<span epub:type="pagebreak">7</span> noir</p>')).toEqual(['0@4 page-number 7'])
})

test('named characters of HTML are decoded, and &#146; as windows-1252', () => {
  expect(read('<p>Caf&eacute; &mdash; it&#146;s &lt;b&gt; &amp;amp;</p>')).toEqual([
    'paragraph: Café — it’s <b> &amp;',
  ])
})

test('entities defined by a document are never expanded', () => {
  const bomb = `<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`
  const { drafts } = readBlocks(`${bomb}<html><body><p>&b; and &x;</p></body></html>`, 'a.xhtml')
  expect(drafts.map(({ text }) => text)).toEqual(['&b; and &x;'])
})

test('block elements and the text between them are blocks, and inline elements join', () => {
  expect(
    read(
      '<h2>I <small>The</small> Storm</h2>Loose <i>te</i>xt<div>In<p>Para</p>Out</div><ul><li>One</li><li>Two</li></ul>',
    ),
  ).toEqual([
    'heading: I The Storm',
    'paragraph: Loose text',
    'paragraph: In',
    'paragraph: Para',
    'paragraph: Out',
    'paragraph: One',
    'paragraph: Two',
  ])
})

test('number and title of a heading in two elements are two headings', () => {
  expect(
    read(
      '<hgroup><h2>I</h2><p epub:type="title">The Storm</p></hgroup><p class="chapter-title">II</p><p>Text</p>',
    ),
  ).toEqual(['heading: I', 'heading: The Storm', 'heading: II', 'paragraph: Text'])
})

test('table cells are separate words, table rows are blocks', () => {
  expect(read('<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>')).toEqual([
    'paragraph: a b',
    'paragraph: c',
  ])
})

test('empty blocks are dropped, scripts and styles are not read', () => {
  expect(read('<p> &nbsp; </p><script>var p = 1</script><style>p {}</style><p>Text</p>')).toEqual([
    'paragraph: Text',
  ])
})

test('verse keeps its lines, in all common kinds of markup', () => {
  const lines = 'verse: One line\nAnother'
  expect(
    read(
      '<blockquote epub:type="z3998:verse"><p><span>One line</span><br/><span>Another</span></p></blockquote>',
    ),
  ).toEqual([lines])
  expect(read('<div class="linegroup"><div>One line</div><div>Another</div></div>')).toEqual([lines])
  expect(
    read('<div class="poem"><span class="line">One line</span> <span class="c8">Another</span></div>'),
  ).toEqual([lines])
  expect(read('<div class="poem"><p>One line</p><p>Another</p></div>')).toEqual([lines])
  expect(
    read(
      '<div class="poem"><div class="stanza"><p>One line</p><p>Another</p></div><div class="stanza"><p>Third</p></div></div>',
    ),
  ).toEqual([lines, 'verse: Third'])
  expect(read('<pre>One line\nAnother</pre>')).toEqual([lines])
})

test('line breaks in prose: one is a space, two begin a paragraph, short lines are verse, long ones paragraphs', () => {
  const long = 'A line that is long enough to be a paragraph of its own.'
  expect(read('<p>One<br/>two</p>')).toEqual(['paragraph: One two'])
  expect(read('<p>One<br/><br/>two</p>')).toEqual(['paragraph: One', 'paragraph: two'])
  expect(read('<p>To Anna<br/>The Mill<br/>Norwich</p>')).toEqual(['verse: To Anna\nThe Mill\nNorwich'])
  expect(read(`<p>${long}${long}<br/>${long}<br/>${long}</p>`)).toHaveLength(3)
  expect(read('<h1>CHAPTER I<br/>THE STORM</h1>')).toEqual(['heading: CHAPTER I THE STORM'])
})

test('scene breaks are blocks of their own, with their text', () => {
  expect(read('<p>One</p><hr/><p>Two</p><p>* * *</p><p>Three</p><p>⁂</p><p>—</p><p>…</p>')).toEqual([
    'paragraph: One',
    'scene-break: ',
    'paragraph: Two',
    'scene-break: * * *',
    'paragraph: Three',
    'scene-break: ⁂',
    'paragraph: —',
    'paragraph: …',
  ])
})

test('ruby readings in kana are attached to their base, others are removed as skips', () => {
  const ruby = '<p>その<ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp>字<rt>じ</rt></ruby>だ</p>'
  expect(read(ruby)).toEqual(['paragraph: その漢字だ'])
  expect(removed(ruby)).toEqual(['0@3 ruby （', '0@3 ruby ）'])
  expect(readings(ruby)).toEqual(['漢 かん', '字 じ'])
  const lists =
    '<p><ruby><rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt></ruby>と<ruby>北京<rt>Běijīng</rt></ruby></p>'
  expect(readings(lists)).toEqual(['東 とう', '京 きょう'])
  expect(removed(lists)).toEqual(['0@5 ruby Běijīng'])
})

test('page and line numbers are removed, however they are marked', () => {
  expect(
    removed(
      '<p>One <span epub:type="pagebreak" title="12"/>two<span class="pagenum">[Pg 13]</span> <span role="doc-pagebreak" aria-label="14"></span>three<span class="lnum">20</span></p>',
    ),
  ).toEqual(['0@3 page-number 12', '0@7 page-number [Pg 13]', '0@7 page-number 14', '0@13 page-number 20'])
  expect(read('<p>One <span epub:type="pagebreak">12</span> two</p>')).toEqual(['paragraph: One two'])
})

test('an element marked as a page number that contains text is text', () => {
  expect(read('<p><span class="pagenum">He said no. Then he went.</span></p>')).toEqual([
    'paragraph: He said no. Then he went.',
  ])
})

test('notes inside the text and their references are removed', () => {
  const body =
    '<p>One<a epub:type="noteref" href="#n">1</a> two.</p><aside epub:type="footnote" id="n"><p>A <i>note</i>.</p></aside><p>Three</p>'
  expect(read(body)).toEqual(['paragraph: One two.', 'paragraph: Three'])
  expect(removed(body)).toEqual(['0@3 note-reference 1', '0@8 note A note.'])
})

test('a note reference that wraps a word leaves the word', () => {
  expect(read('<p>The <a epub:type="noteref" href="#n">warrior</a> fell.</p>')).toEqual([
    'paragraph: The warrior fell.',
  ])
})

test('images are removed with their alternative text, but an initial is the first letter of its word', () => {
  const body =
    '<p><img src="t.png" alt="T"/>he sea.<img src="b.png" alt="A boat"/></p><svg><title>Map</title></svg>'
  expect(read(body)).toEqual(['paragraph: The sea.'])
  expect(removed(body)).toEqual(['0@8 image A boat', '0@8 image Map'])
})

test('hidden text is not read', () => {
  expect(read('<p hidden="">No</p><p style="display: none">No</p><p>Yes</p>')).toEqual(['paragraph: Yes'])
})

test('a document that is not XHTML is read as HTML', () => {
  const { drafts } = readBlocks('<P>One<P>Two &nbsp;&copy;<BR>three', 'a.html')
  expect(drafts.map(({ text }) => text)).toEqual(['One', 'Two © three'])
})

test('the text after unclosed elements is kept', () => {
  expect(read('<p>One<br>two</p><p>Three<img src="a" alt="boat"></p><p>Four</p>')).toEqual([
    'paragraph: One two',
    'paragraph: Three',
    'paragraph: Four',
  ])
})

test('200,000 open tags are rejected, 1,000 are not', () => {
  expect(() => read('<div>'.repeat(200_000))).toThrow('nests more than 2000 elements')
  expect(read(`${'<div>'.repeat(1_000)}Deep`)).toEqual(['paragraph: Deep'])
})

test('a paragraph of 200,000 inline elements is read in linear time', () => {
  const [block] = read(`<p>${'<i>a</i>&amp;<br/>'.repeat(200_000)}</p>`)
  expect(block).toBeDefined()
})

test('a fraction and a root of a formula keep their signs', () => {
  const math = (inner: string): string => read(`<p>So <math>${inner}</math> remains.</p>`).join()
  expect(math('<mfrac><mn>1</mn><mn>2</mn></mfrac>')).toBe('paragraph: So 1/2 remains.')
  expect(
    math('<mfrac><msup><mi>x</mi><mn>2</mn></msup><mrow><mi>y</mi><mo>+</mo><mn>1</mn></mrow></mfrac>'),
  ).toBe('paragraph: So x²/y + 1 remains.')
  expect(math('<mi>c</mi><mo>=</mo><msqrt><mn>2</mn></msqrt>')).toBe('paragraph: So c = √2 remains.')
})
