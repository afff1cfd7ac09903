/** `* * *`, `***`, ⁂, `~~~`, `#`, `◇◇◇`, three or more dashes: lines that only stand between two scenes. */
const ornaments = /^(?:[*⁂✱✳❊★☆◆◇◊■□▪●○•·~∼〜♦♢❖❧☙§#＊※＃═─━_=+\s\-–—−]){1,40}$/u
const dashes = /^[\s\-–—−_=─━]+$/u

/** Whether a whole block or line is nothing but the mark of a scene break. A dash alone is speech cut off, and stays text. */
export function isSceneBreak(text: string): boolean {
  if (!ornaments.test(text)) return false
  const marks = text.replaceAll(/\s/g, '').length
  return marks > 0 && (!dashes.test(text) || marks >= 3)
}
