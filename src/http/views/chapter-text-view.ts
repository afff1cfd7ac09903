import type { Block, Reading, Skip } from '../../novel/novel.ts'
import type { Chapter } from '../contract/novel-contract.ts'

/** A chapter's text as it is printed, with what was left out of it. */
export function viewText(
  blocks: readonly Block[],
  skips: readonly Skip[],
): Pick<Chapter, 'blocks' | 'skips'> {
  return {
    blocks: blocks.map(({ kind, text, readings, marks, within, anchor, lang }, index) => ({
      index,
      kind,
      text,
      ...(readings && { readings: readings.flatMap(shownAbove) }),
      ...(marks && { marks: [...marks] }),
      ...(within && { within: [...within] }),
      ...(anchor !== undefined && { anchor }),
      ...(lang !== undefined && { lang }),
    })),
    skips: skips.map(viewSkip),
  }
}

/** Sounds are heard, not shown. */
function shownAbove({ start, end, said }: Reading) {
  return said === undefined ? [] : [{ start, end, said }]
}

/** Where an image lies is the server's own. */
function viewSkip({ image, ...skip }: Skip): Chapter['skips'][number] {
  if (image === undefined) return skip
  const { name, width, height } = image
  return { ...skip, image: { name, width, height } }
}
