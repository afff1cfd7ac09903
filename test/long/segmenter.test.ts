import { expect, test } from 'vitest'
import { segmentChapter } from '../../src/segmenter/segmenter.ts'

/** One character, one word, one mark, pairs of marks: whatever a hostile or broken file may be full of. */
const units = (
  'x A 汉 9 ½ Ⅷ * " — … ! 《 [ \u0301 \u00ad 😀 ` a.A Aa.Aa a.b@ www. W-w [. ”他。 《。 1.000. http://a ' +
  'word· Mr.· P.· II· 1/2· 9:00· $1· Shh· read· 1!· 1.· …· ?· .”)· ((a.· &c.·'
)
  .split(' ')
  .map((unit) => unit.replace('·', ' '))

/** The rule that takes the square of a length takes minutes for this, one that is linear half a second. */
const length = 400_000

test.each(units)(
  '400 kB of “%s” are cut in time that grows with its length alone',
  { timeout: 120_000 },
  (unit) => {
    for (const language of ['en', 'vi', 'zh']) {
      const text = unit.repeat(length / unit.length)
      const { segments, skips } = segmentChapter(
        { blocks: [{ kind: 'paragraph', text }], skips: [] },
        language,
      )
      const ends = [...segments, ...skips].reduce((most, { end }) => Math.max(most, end), 0)
      expect(ends).toBe(text.length)
    }
  },
)

test('80,000 blanks in a line are cut', () => {
  const text = `word${' '.repeat(80_000)}word`
  expect(
    segmentChapter({ blocks: [{ kind: 'paragraph', text }], skips: [] }, 'en').segments.length,
  ).toBeLessThan(5)
})
