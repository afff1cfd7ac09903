import { expect, test } from 'vitest'
import { attributeChapter } from './attribution.ts'
import { collectEvidence, noEvidence } from './name-evidence.ts'

/** Who speaks each quote, with why. */
function speakers(language: string, ...texts: string[]): string[] {
  const blocks = texts.map((text) => ({ kind: 'paragraph' as const, text }))
  const evidence = noEvidence()
  collectEvidence(blocks, language, evidence)
  return attributeChapter(blocks, language, evidence).map(({ speaker, self, basis }) =>
    basis === undefined ? '?' : `${self ? 'I' : speaker}/${basis}`,
  )
}

test.each([
  ['en', '“No,” said Mr. Darcy.', ['Mr. Darcy/said']],
  ['en', '“No,” the old woman quietly replied. “Never.”', ['the old woman/said', 'the old woman/continued']],
  ['en', 'Anna turned to the Queen and said: “No.”', ['Anna/said']],
  ['en', 'Anna came in. “No,” she said.', ['?']],
  ['en', '“Yes,” said Anna. “No,” she added.', ['Anna/said', 'Anna/pronoun']],
  ['en', '“No,” I said.', ['I/said']],
  ['en', '“I see.” Anna said nothing.', ['?']],
  ['en', '“No,” said Anna’s brother.', ['?']],
  ['de', '»Nein,« sagte der alte Mann. »Nie.«', ['der alte Mann/said', 'der alte Mann/continued']],
  ['de', 'Dann rief der Vater: »Nein!«', ['der Vater/said']],
  ['fr', '« Non, dit Candide, jamais. »', ['Candide/said', 'Candide/said']],
  ['fr', '— Non, répondit la vieille.', ['la vieille/said']],
  ['es', '—No —dijo Juan—. Nunca.', ['Juan/said', 'Juan/said']],
  ['es', '—No —contestó la mujer.', ['la mujer/said']],
  ['vi', '“Không,” Lan khẽ nói.', ['Lan/said']],
  ['vi', 'Ông lão đáp: “Không.”', ['Ông lão/said']],
  ['vi', '– Không, – Minh hỏi. – Sao thế?', ['Minh/said', 'Minh/continued']],
  [
    'zh',
    '行者道：“是。”八戒笑道：“不是。”行者道：“走。”八戒道：“好。”',
    ['行者/said', '八戒/said', '行者/said', '八戒/said'],
  ],
  [
    'en',
    '“No,” the Time Traveller proceeded, “never.”',
    ['the Time Traveller/said', 'the Time Traveller/continued'],
  ],
  ['en', '“No,” said Anna and Ben.', ['?']],
  ['en', 'Anna nodded to the Queen: “No.”', ['Anna/said']],
  ['de', '„Nein“, sagte der ungeduldige Vater.', ['der Vater/said']],
  ['fr', '— Non, répondit Paul, en tirant sa montre. Jamais.', ['Paul/said', 'Paul/continued']],
  ['fr', '« Non ! s’écria M. Fogg. Jamais. »', ['M. Fogg/said', 'M. Fogg/continued']],
  ['es', '—No —saludó don Andrés—. Nunca.', ['don Andrés/said', 'don Andrés/said']],
  ['es', 'Levantóse el viento, y dijo: «No».', ['?']],
  ['vi', '– Không! – Lan kêu lên.', ['Lan/said']],
  ['vi', 'Ông dừng lại, hỏi: “Không?”', ['?']],
  ['vi', 'Chị Dậu nghiến hai hàm răng: “Không!”', ['Chị Dậu/said']],
  ['vi', 'Lá rơi ngoài hiên: “Không!”', ['?']],
  ['vi', '“Không,” thầy Khoa đáp.', ['thầy Khoa/said']],
  ['vi', '– Mai nhé? – Minh gãi đầu.', ['Minh/said']],
  ['fr', '— Non, répliqua maître Colin. Jamais.', ['maître Colin/said', 'maître Colin/continued']],
  ['fr', '— Non, fit observer Simon.', ['Simon/said']],
  ['ko', '“아니,” 철수가 말했다.', ['?']],
])('%s: %s', (language, text, expected) => {
  expect(speakers(language, text)).toEqual(expected)
})

const exchange = ['“Where?” asked Anna.', '“Here,” said Ben.', '“When?”', '“Now.”']

test('two take turns until somebody else speaks, or one is called by name', () => {
  // Two lines are no exchange yet: the third may be anybody's.
  expect(speakers('en', ...exchange)).toEqual(['Anna/said', 'Ben/said', '?', '?'])
  expect(speakers('en', ...exchange, '“Why?” asked Anna.').slice(2)).toEqual([
    'Anna/turn',
    'Ben/turn',
    'Anna/said',
  ])
  expect(speakers('en', '“Well?” said Ben.', ...exchange).slice(3)).toEqual(['Anna/turn', 'Ben/turn'])
  expect(speakers('en', ...exchange, '“Why?” asked Ben.')).toEqual([
    'Anna/said',
    'Ben/said',
    '?',
    '?',
    'Ben/said',
  ])
  expect(speakers('en', exchange[1]!, ...exchange.slice(0, 2), '“When, Anna?”').slice(1)).toEqual([
    'Anna/said',
    'Ben/said',
    '?',
  ])
  expect(speakers('en', exchange[1]!, ...exchange.slice(0, 2), 'It rained.', '“When?”').slice(1)).toEqual([
    'Anna/said',
    'Ben/said',
    '?',
  ])
})

test('a speech of several paragraphs has one speaker', () => {
  expect(speakers('en', 'Anna said: “It was long ago.', '“And far away.”')).toEqual([
    'Anna/said',
    'Anna/continued',
  ])
})

test('a pronoun between a man and a woman is told by its gender', () => {
  const told = ['“Where?” asked Mrs. Hurst.', '“Here,” said Mr. Darcy.', '“When?” she asked.']
  expect(speakers('en', ...told)[2]).toBe('Mrs. Hurst/pronoun')
})

test.each(['“', 'said Anna ', '“a” said ', 'Anna, ', '“a”, ', '，道：“”', 'Anna said: '])(
  'a hundred thousand characters of %s are read in one go',
  (piece) => {
    for (const language of ['en', 'zh', 'vi', 'fr']) speakers(language, piece.repeat(100_000 / piece.length))
  },
  60_000,
)
