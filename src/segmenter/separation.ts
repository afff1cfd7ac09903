import { addChanges, type Change, type Passage } from './changes.ts'

/**
 * A space where stops and words run together. eSpeak NG reads "Go!—He" as "go exclamation he" and "What?—he" as
 * "wuth"; with a space before the dash it reads both right.
 */
export function separateWords({ text }: Passage, changes: Change[]): void {
  addChanges(changes, text, /(?<=[!?.…])(?:—|--+)/g, ' —')
  addChanges(
    changes,
    text,
    /(?<=[!?])\p{L}|(?<=\p{Ll}{2}\.)\p{Lu}(?=\p{Ll})(?!\S*@)/gu,
    ([found]) => ` ${found}`,
  )
}
