import { plural, t } from '@lingui/core/macro'
import type { ChapterDifferenceView, DifferenceSummary } from '../../src/http/contract/version-contract.ts'
import { guessWords } from '../plan/plan-words.ts'

/** `20 new chapters · 3 changed`: what another version has of a book that is there. */
export function differenceWords({ added, changed, gone, unchanged }: DifferenceSummary): string {
  const parts = [
    added > 0 && plural(added, { one: '# new chapter', other: '# new chapters' }),
    changed > 0 && plural(changed, { one: '# changed', other: '# changed' }),
    gone > 0 && plural(gone, { one: '# is gone', other: '# are gone' }),
    unchanged > 0 && plural(unchanged, { one: '# is the same', other: '# are the same' }),
  ]
  return parts.filter((part) => part !== false).join(' · ')
}

/** What becomes of what is spoken, sentence by sentence. */
export function audioWords({ sentences, kept, anew, new: fresh }: DifferenceSummary): readonly string[] {
  const known = (seconds: number): string => (seconds > 0 ? `, ${guessWords(seconds)}` : '')
  return [
    plural(sentences, {
      one: `Keeps the audio of ${kept} of # sentence.`,
      other: `Keeps the audio of ${kept} of # sentences.`,
    }),
    anew.segments === 0
      ? t`Nothing that is spoken has to be made anew.`
      : plural(anew.segments, { one: 'Will speak # sentence anew', other: 'Will speak # sentences anew' }) +
        `${known(anew.seconds)}.`,
    ...(fresh.segments === 0
      ? []
      : [
          plural(fresh.segments, {
            one: 'The new chapters have # sentence to speak',
            other: 'The new chapters have # sentences to speak',
          }) + `${known(fresh.seconds)}.`,
        ]),
  ]
}

/** What is with a chapter. */
export function chapterWords({
  kind,
  number = 0,
  numberBefore = 0,
  sentences,
  titleBefore,
}: ChapterDifferenceView): string {
  if (kind === 'added') return plural(sentences, { one: 'new, # sentence', other: 'new, # sentences' })
  if (kind === 'gone') return t`not in this version`
  const moved = number !== numberBefore
  if (kind === 'changed') return moved ? t`changed; it was chapter ${numberBefore}` : t`changed`
  if (titleBefore !== undefined) return t`it was called “${titleBefore}”`
  return t`it was chapter ${numberBefore}`
}
