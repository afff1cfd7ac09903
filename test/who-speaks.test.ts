import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { attributeChapter } from '../src/cast/attribution.ts'
import { collectEvidence, noEvidence } from '../src/cast/name-evidence.ts'
import { nameKey } from '../src/novel/cast.ts'

// Who speaks, in passages that were labelled by hand (test/fixtures/cast/README.md). What is known of the novel's names
// is only what the passage itself tells, so a whole novel does no worse.

const passages = [
  ['alice', 'en'],
  ['war-and-peace', 'en'],
  ['die-verwandlung', 'de'],
  ['xiyouji', 'zh'],
] as const

interface Score {
  quotes: number
  attributed: number
  right: number
}

function score(name: string, language: string): Score & { wrong: string[] } {
  const read = (ending: string) =>
    readFileSync(fileURLToPath(new URL(`fixtures/cast/${name}.${ending}`, import.meta.url)), 'utf8')
      .trimEnd()
      .split('\n')
  const blocks = read('txt').map((text) => ({ kind: 'paragraph' as const, text }))
  const evidence = noEvidence()
  collectEvidence(blocks, language, evidence)
  const lines = attributeChapter(blocks, language, evidence)
  const total = { quotes: 0, attributed: 0, right: 0, wrong: [] as string[] }
  const used = new Set<unknown>()
  for (const label of read('tsv')) {
    const [row = '', start = '', speakers = ''] = label.split('\t')
    const line = lines.find(
      (each) =>
        !used.has(each) &&
        each.block === Number(row) - 1 &&
        blocks[each.block]!.text.startsWith(start, each.start),
    )
    used.add(line)
    total.quotes++
    if (line?.basis === undefined) continue
    total.attributed++
    const speaker = nameKey(line.speaker ?? 'I')
    if (speakers.split('|').some((each) => nameKey(each) === speaker)) total.right++
    else total.wrong.push(`${row} ${start}: ${line.speaker} (${line.basis}), but ${speakers}`)
  }
  return total
}

test('speakers are right in 95 of 100 quotes that are given one, and more than half are', () => {
  const sum: Score = { quotes: 0, attributed: 0, right: 0 }
  for (const [name, language] of passages) {
    const { wrong, ...found } = score(name, language)
    const part = (of: number, all: number) => `${((100 * of) / all).toFixed(1)} %`
    console.log(
      `${name}: ${found.quotes} quotes, coverage ${part(found.attributed, found.quotes)}, precision ${part(found.right, found.attributed)}`,
      ...wrong.map((each) => `\n  ${each}`),
    )
    for (const key of ['quotes', 'attributed', 'right'] as const) sum[key] += found[key]
  }
  console.log(`all: precision ${sum.right} of ${sum.attributed}, coverage ${sum.attributed} of ${sum.quotes}`)
  expect(sum.quotes).toBeGreaterThanOrEqual(200)
  expect(sum.right / sum.attributed).toBeGreaterThanOrEqual(0.95)
  expect(sum.attributed / sum.quotes).toBeGreaterThanOrEqual(0.6)
})
