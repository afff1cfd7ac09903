import type { Block } from '../novel/novel.ts'
import type { Espeak } from '../pronunciation/espeak/espeak.ts'
import { type Judgement, NameJudge } from '../pronunciation/names/name-judge.ts'
import { openUnspacedJudge } from '../pronunciation/names/unspaced-judge.ts'
import { type NameCandidate, NameCollector } from './name-candidates.ts'
import { hasUnspacedNames, unspacedNames } from './unspaced-names.ts'

/** A word of a novel whose pronunciation somebody should hear. */
interface NameToCheck extends Omit<NameCandidate, 'titles'>, Judgement {
  /** The sentence in which it stands first, or a part of it. */
  readonly sentence: string
}

export interface NameSurvey {
  /** Those first that occur often and are said by guess. */
  readonly names: readonly NameToCheck[]
  /** Words are not told apart, as in Chinese: there are no names. */
  readonly unspaced: boolean
}

/** How many are judged: the rest occurs once or twice. */
const mostJudged = 600
const mostShown = 300
const longestSentence = 240

/** Finds a novel's names and unknown words, and judges how surely the phonemizer says them. */
export async function surveyNames(
  chapters: Iterable<readonly Block[]>,
  language: string,
  espeak: Espeak,
): Promise<NameSurvey> {
  const all = [...chapters]
  if (hasUnspacedNames(language)) return surveyUnspaced(all, language)
  const collector = new NameCollector(language)
  for (const [at, blocks] of all.entries()) collector.add(at, blocks)
  const spelt = Array.from(collector.lowerWords(), ([word]) => word)
  const judge = await NameJudge.open(espeak, language, spelt)
  const names = collector
    .candidates((word) => judge.isUnknown(word))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostJudged)
    .map(({ titles, ...name }): NameToCheck => {
      const { chapter, block, start, end } = name.first
      return {
        ...name,
        ...judge.judge(name.word, titles),
        sentence: sentenceAround(all[chapter]![block]!.text, start, end),
      }
    })
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, mostShown)
  return { names, unspaced: names.length === 0 && collector.skipped > 100 }
}

/** In Chinese and Japanese: how a name is read is told by the front ends of these languages. */
async function surveyUnspaced(all: readonly (readonly Block[])[], language: string): Promise<NameSurvey> {
  const found = unspacedNames(all, language).slice(0, mostShown)
  if (found.length === 0) return { names: [], unspaced: true }
  const judge = await openUnspacedJudge(language)
  const names = found
    .map(({ word, count, forms, first, isName }): NameToCheck => {
      const { chapter, block, start, end } = first
      return {
        word,
        count,
        forms,
        first,
        isName,
        ...judge(word),
        sentence: unspacedSentence(all[chapter]![block]!.text, start, end),
      }
    })
    .toSorted((a, b) => weight(b) - weight(a))
  return { names, unspaced: false }
}

/** Up to the marks that end a sentence in these scripts. */
function unspacedSentence(text: string, start: number, end: number): string {
  const from = Math.max(0, start - longestSentence / 2)
  const before = Math.max(...Array.from('。！？', (mark) => text.lastIndexOf(mark, start - 1)))
  const begin = start === 0 || before < from ? from : before + 1
  const rest = text.slice(end, begin + longestSentence)
  const after = rest.search(/[。！？]/u)
  return text
    .slice(begin, end + (after < 0 ? rest.length : after + 1))
    .replace(/^[”」』]+/u, '')
    .trim()
}

/** A word that is no name is seldom said wrong. */
function weight({ isName, doubt, count }: NameToCheck): number {
  return (isName ? 1 : 0.5) * (0.1 + doubt) * Math.log2(1 + count)
}

/** A stop, but not that of “Mr.” or an initial. */
const stop = /(?:[!?…]|(?<!(?:^|[^\p{L}])(?:Mr|Mrs|Ms|Dr|St|Mme|Mlle|Messrs|\p{Lu}))\.)["”’»)]*(?=\s)/gu

function sentenceAround(text: string, start: number, end: number): string {
  const from = Math.max(0, start - longestSentence / 2)
  const before = [...text.slice(from, start).matchAll(stop)].at(-1)
  const begin = before ? from + before.index + before[0].length : from
  const rest = text.slice(end, begin + longestSentence)
  const [after] = rest.matchAll(stop)
  return text.slice(begin, end + (after ? after.index + after[0].length : rest.length)).trim()
}
