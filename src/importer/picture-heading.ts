import type { BlockDraft } from './draft.ts'
import type { OutlineSection } from './outline.ts'

/**
 * Whether a chapter begins with a picture where its heading would be, so that only the contents know its words: a picture
 * in a heading, or one above the first line of a chapter that has no heading.
 */
export function hasPictureHeading(
  { title, start, end }: OutlineSection,
  drafts: readonly BlockDraft[],
  novel: string,
): boolean {
  if (title === undefined || plainLetters(title) === '' || plainLetters(title) === plainLetters(novel)) return false
  let picture = false
  for (let index = start; index < end; index += 1) {
    const draft = drafts[index] as BlockDraft
    if (draft.omit !== undefined || draft.note) continue
    if (draft.kind === 'scene-break') continue
    if (draft.kind === 'heading' && draft.text !== '') return false
    picture ||=
      draft.kind === 'heading' || draft.taken.some(({ reason, at }) => reason === 'image' && at === 0)
    if (draft.text !== '') return picture && !repeatsTitle(draft.text, title)
  }
  return false
}

/** The first line says the title in its own way. */
function repeatsTitle(text: string, title: string): boolean {
  const [plainText, listed] = [plainLetters(text), plainLetters(title)]
  return plainText.startsWith(listed) || (text.length < 100 && listed.includes(plainText))
}

function plainLetters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
