import { plural, t } from '@lingui/core/macro'
import type { HeadingRule, ReadAgainPreview } from '../../src/http/contract/review-contract.ts'
import { remadeWords } from '../plan/plan-words.ts'

/** What a rule looks for. */
export function ruleWords(rule: HeadingRule): string {
  switch (rule.kind) {
    case 'automatic':
      return t`What Nightjar takes to be best`
    case 'words':
      return t`Headings with a word, like “Chapter 4”`
    case 'numbers':
      return t`Numbers that count up`
    case 'capitals':
      return t`Lines in capitals`
    case 'level': {
      const { level } = rule
      return t`Markdown headings of level ${level}`
    }
    case 'none':
      return t`No headings: one chapter`
    case 'length':
      return t`No headings: by length`
    default:
      return t`An own pattern`
  }
}

/** How many chapters a rule gives, and how the first are called. */
export function outcomeWords(chapters: number, titles: readonly string[]): string {
  const count = plural(chapters, { one: '# chapter', other: '# chapters' })
  const first = titles.map((title) => (title.length > 60 ? `${title.slice(0, 59)}…` : title)).join(' · ')
  return first === '' ? count : `${count}: ${first}${chapters > titles.length ? ' …' : ''}`
}

/** What is known before the preview is there. */
export function outlineWords(chapters: number): string {
  return t`${plural(chapters, { one: '# chapter', other: '# chapters' })}. Counting what stays spoken…`
}

/** What a preview says, sentence by sentence. */
export function previewWords(preview: ReadAgainPreview): readonly string[] {
  const { chapters, chaptersNow, unfound, restored, staying, remade } = preview
  const now = chaptersNow
  const then = chapters.length
  const changed = chapters.filter(({ kept }) => !kept).length
  return [
    then === now
      ? plural(then, { one: '# chapter, as now.', other: '# chapters, as many as now.' })
      : plural(then, {
          one: `# chapter instead of ${now}.`,
          other: `# chapters instead of ${now}.`,
        }),
    changed === 0
      ? t`Their texts stay as they are.`
      : plural(changed, {
          one: 'The text of # of them is another than now.',
          other: 'The texts of # of them are others than now.',
        }),
    ...(staying > 0
      ? [plural(staying, { one: '# sentence stays spoken.', other: '# sentences stay spoken.' })]
      : []),
    remadeWords({ remade }),
    ...(unfound > 0
      ? [
          plural(unfound, {
            one: '# chapter keeps its text, since the file does not have it like this.',
            other: '# chapters keep their texts, since the file does not have them like this.',
          }),
        ]
      : []),
    ...(restored > 0 ? [t`What was restored by hand is left out again; Undo brings it back.`] : []),
  ]
}

/** Whether nothing would be another. */
export function changesNothing({ chapters, chaptersNow }: ReadAgainPreview): boolean {
  return chapters.length === chaptersNow && chapters.every(({ kept }) => kept)
}
