import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { attributeChapter } from '../src/cast/attribution.ts'
import { collectEvidence, noEvidence } from '../src/cast/name-evidence.ts'
import { nameKey } from '../src/novel/cast.ts'

// Who speaks, in passages that were labelled by hand (test/fixtures/cast/README.md). What is known of the novel's names
// is only what the passage itself tells, so a whole novel does no worse.

const passages: Readonly<Record<string, { readonly tuned: string; readonly heldOut: string }>> = {
  en: { tuned: 'alice war-and-peace natasha time-machine', heldOut: 'caterpillar old-pipes olmutz' },
  de: { tuned: 'die-verwandlung verwandlung-1', heldOut: 'verwandlung-2 die-muehle' },
  zh: { tuned: 'xiyouji fangcun', heldOut: 'bajiaoshan' },
  fr: { tuned: 'tour-du-monde le-phare', heldOut: 'le-bac la-parure le-testament' },
  es: { tuned: 'don-quijote la-carta', heldOut: 'la-pension' },
  vi: { tuned: 'chi-pheo ben-do', heldOut: 'cho-huyen tuc-nuoc lop-hoc' },
}

interface Score {
  quotes: number
  /** Told by the text: by a name, a pronoun, or within the paragraph. */
  told: number
  toldRight: number
  /** Supposed by turns, and marked so. */
  supposed: number
  supposedRight: number
}

const nothing = (): Score => ({ quotes: 0, told: 0, toldRight: 0, supposed: 0, supposedRight: 0 })

const withoutDash = (text: string): string => text.replace(/^[\s—–.,;-]+/u, '')

function score(name: string, language: string): { found: Score; wrong: string[] } {
  const read = (ending: string) =>
    readFileSync(fileURLToPath(new URL(`fixtures/cast/${name}.${ending}`, import.meta.url)), 'utf8')
      .trimEnd()
      .split('\n')
  const blocks = read('txt').map((text) => ({ kind: 'paragraph' as const, text }))
  const evidence = noEvidence()
  collectEvidence(blocks, language, evidence)
  const lines = attributeChapter(blocks, language, evidence).filter(({ kind }) => kind === 'speech')
  const [found, wrong] = [nothing(), [] as string[]]
  const used = new Set<unknown>()
  const count = (line: (typeof lines)[number], speakers: readonly string[], place: string): void => {
    if (line.basis === undefined) return
    const right = speakers.some((each) => nameKey(each) === nameKey(line.speaker ?? 'I'))
    found[line.basis === 'turn' ? 'supposed' : 'told']++
    if (right) found[line.basis === 'turn' ? 'supposedRight' : 'toldRight']++
    else wrong.push(`${name} ${place}: ${line.speaker} (${line.basis}), but ${speakers.join(' or ')}`)
  }
  for (const label of read('tsv')) {
    const [row = '', start = '', speakers = ''] = label.split('\t')
    found.quotes++
    const line = lines.find(
      (each) =>
        !used.has(each) &&
        each.block === Number(row) - 1 &&
        withoutDash(blocks[each.block]!.text.slice(each.start, each.end)).startsWith(withoutDash(start)),
    )
    used.add(line)
    if (line) count(line, speakers.split('|'), `${row} ${start}`)
  }
  // What is nobody's quote, and is given to somebody all the same.
  for (const line of lines) if (!used.has(line)) count(line, ['the narrator'], `${line.block + 1}`)
  return { found, wrong }
}

function scoreOf(names: string, language: string): Score {
  const sum = nothing()
  for (const name of names.split(' ')) {
    const { found, wrong } = score(name, language)
    for (const each of wrong) console.log(each)
    for (const key of Object.keys(sum) as (keyof Score)[]) sum[key] += found[key]
  }
  return sum
}

const part = (of: number, all: number): string => `${of} of ${all} (${((100 * of) / all).toFixed(1)} %)`

test.each(Object.entries(passages))(
  '%s: speakers are right in 95 of 100 quotes of which the text tells one',
  (language, { tuned, heldOut }) => {
    const all = nothing()
    for (const [kind, names] of Object.entries({ tuned, heldOut })) {
      const sum = scoreOf(names, language)
      const { quotes, told, toldRight, supposed, supposedRight } = sum
      console.log(
        `${language} ${kind}: precision ${part(toldRight, told)}, by turns ${supposedRight} of ${supposed}, coverage ${part(told + supposed, quotes)}`,
      )
      for (const key of Object.keys(all) as (keyof Score)[]) all[key] += sum[key]
      expect(toldRight / told).toBeGreaterThanOrEqual(0.95)
    }
    expect((all.told + all.supposed) / all.quotes).toBeGreaterThanOrEqual(0.5)
  },
)

test('at least 200 quotes were held out', () => {
  const quotes = Object.entries(passages).map(([language, { heldOut }]) => scoreOf(heldOut, language).quotes)
  expect(quotes.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(200)
})
