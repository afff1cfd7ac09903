import { expect, test } from 'vitest'
import { traceBlocks } from '../../importer/xhtml/xhtml-blocks.ts'
import { type SentencePosition, wrapSentences } from './sentence-spans.ts'

const page = (body: string): string => `<html><head><title>t</title></head><body>${body}</body></html>`

/** Wraps each of these sentences of a document with this body, and returns the new body. */
function wrapped(body: string, ...sentences: readonly string[]): string | undefined {
  const xhtml = page(body)
  const { drafts } = traceBlocks(xhtml, 'a.xhtml')
  const marks = sentences.map((sentence, index): SentencePosition => {
    const draft = drafts.find(({ text }) => text.includes(sentence))
    const start = draft?.text.indexOf(sentence) ?? NaN
    return { id: `n1-${index}`, offsets: draft?.trace?.slice(start, start + sentence.length) ?? [] }
  })
  return wrapSentences(xhtml, marks, [])?.xhtml.replace(/^.*<body>(.*)<\/body>.*$/s, '$1')
}

test.each([
  [
    'a sentence is one span',
    '<p>One. Two.</p>',
    ['One.', 'Two.'],
    '<p><span id="n1-0">One.</span> <span id="n1-1">Two.</span></p>',
  ],
  [
    'markup inside a sentence stays inside its span',
    '<p>He <em>saw</em> it.</p>',
    ['He saw it.'],
    '<p><span id="n1-0">He <em>saw</em> it.</span></p>',
  ],
  [
    'the span of a sentence that fills an element is inside the element',
    '<p><em>He saw.</em> So.</p>',
    ['He saw.', 'So.'],
    '<p><em><span id="n1-0">He saw.</span></em> <span id="n1-1">So.</span></p>',
  ],
  [
    'the span of a sentence that begins with an element holds the element',
    '<p><b>H</b>e saw.</p>',
    ['He saw.'],
    '<p><span id="n1-0"><b>H</b>e saw.</span></p>',
  ],
  [
    'a sentence that ends inside of another element has several spans',
    '<p>He <em>saw. She</em> too.</p>',
    ['He saw.', 'She too.'],
    '<p><span id="n1-0">He </span><em><span id="n1-0-2">saw.</span> <span id="n1-1">She</span></em> <span id="n1-1-2">too.</span></p>'.replace(
      'He </span>',
      'He</span> ',
    ),
  ],
  [
    'a line break may be inside a span',
    '<p>He<br/>saw it.</p>',
    ['He saw it.'],
    '<p><span id="n1-0">He<br/>saw it.</span></p>',
  ],
  [
    'a sentence across paragraphs of verse has a span in each',
    '<div class="poem"><p>He saw</p><p>it all.</p></div>',
    ['He saw\nit all.'],
    '<div class="poem"><p><span id="n1-0">He saw</span></p><p><span id="n1-0-2">it all.</span></p></div>',
  ],
  [
    'a character reference counts as one character',
    '<p>A&#233;&amp; B</p>',
    ['Aé&'],
    '<p><span id="n1-0">A&#233;&amp;</span> B</p>',
  ],
  [
    'a combining accent stays with its letter',
    '<p>cafe\u0301 x</p>',
    ['café'],
    '<p><span id="n1-0">cafe\u0301</span> x</p>',
  ],
  [
    'ruby is wrapped as a whole',
    '<p>A <ruby>漢<rt>kan</rt></ruby> b</p>',
    ['A 漢 b'],
    '<p><span id="n1-0">A <ruby>漢<rt>kan</rt></ruby> b</span></p>',
  ],
  [
    'a comment is unchanged',
    '<p>One<!-- x --> more.</p>',
    ['One more.'],
    '<p><span id="n1-0">One<!-- x --> more.</span></p>',
  ],
])('%s', (_, body, sentences, wanted) => {
  expect(wrapped(body, ...sentences)).toBe(wanted)
})

test('each span of a sentence has its share of the characters', () => {
  const xhtml = page('<p>Abc <em>def. Ghi</em></p>')
  const [draft] = traceBlocks(xhtml, 'a.xhtml').drafts
  const offsets = draft?.trace ?? []
  const marks = [
    { id: 'n1-0', offsets: offsets.slice(0, 8) },
    { id: 'n1-1', offsets: offsets.slice(9) },
  ]
  const document = wrapSentences(xhtml, marks, ['a.css'])
  expect(document?.parts.get('n1-0')).toEqual([
    { id: 'n1-0', share: 3 / 7 },
    { id: 'n1-0-2', share: 4 / 7 },
  ])
  expect(document?.xhtml).toContain('<link rel="stylesheet" type="text/css" href="a.css"/></head>')
})

test.each([
  ['is not closed', '<p>One.<p>Two.'],
  ['closes what is not open', '<p>One.</p></div>'],
  ['holds CDATA', '<p><![CDATA[One.]]></p>'],
  ['has the ids already', '<p id="n1-0">One.</p>'],
])('a document that %s is not annotated', (_, body) => {
  expect(wrapped(body, 'One.')).toBeUndefined()
})

test('text in SVG, MathML or directly in a list gets no span', () => {
  const xhtml = page('<ul>One.</ul><math><mi>x</mi></math><p>Two.</p>')
  const at = (text: string): number[] => Array.from(text, (_, unit) => xhtml.indexOf(text) + unit)
  const document = wrapSentences(
    xhtml,
    ['One.', 'x</mi', 'Two.'].map((text, index) => ({
      id: `n1-${index}`,
      offsets: at(text.replace(/<.*/, '')),
    })),
    [],
  )
  expect([...(document?.parts.keys() ?? [])]).toEqual(['n1-2'])
})
