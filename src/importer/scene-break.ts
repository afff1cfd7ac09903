/** `* * *`, `***`, ⁂, `~~~`, `#`, `◇◇◇`, three or more dashes: lines that only stand between two scenes. */
const ornaments = /^(?:[*⁂✱✳❊★☆◆◇◊■□▪●○•·~∼〜♦♢❖❧☙§#＊※＃═─━_=+\s\-–—−]){1,40}$/u
const dashes = /^[\s\-–—−_=─━]+$/u

/** What ornaments with letters are made of: `oOo`, `x x x`, `~o~O~o~`. */
const letterOrnaments = /^(?=.*[oOxX])[oO0xX*~∼〜•·=_\-–—+\s]{3,40}$/u
/** `xxx` may be kisses, `XXX` thirty and `Ooo` a cry: letters side by side change their height. */
const changing = /^(?:oO+o(?:O+o)*|OoO|o0o|xXx|XxX)$/

/** Whether a whole block or line is nothing but the mark of a scene break. A dash alone is speech cut off, and stays text. */
export function isSceneBreak(text: string): boolean {
  if (letterOrnaments.test(text)) return partsByLetters(text)
  if (!ornaments.test(text)) return false
  const marks = text.replaceAll(/\s/g, '').length
  return marks > 0 && (!dashes.test(text) || marks >= 3)
}

/** One ornament of letters, or three single letters with something between. */
function partsByLetters(text: string): boolean {
  const runs = text.split(/[^oO0xX]+/).filter((run) => run !== '')
  return runs.length < 3
    ? runs.every((run) => changing.test(run))
    : runs.every((run) => run.length === 1 || changing.test(run))
}
