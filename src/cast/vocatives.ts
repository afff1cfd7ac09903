/** Whether somebody is called by this name in a line: nobody calls themselves. */
export function calls(line: string, speaker: string): boolean {
  const words = speaker.replace(/^the\s/iu, '').split(' ')
  return words.some(
    (word) =>
      word.length > 2 && new RegExp(`(?:^|[,“‘"'«»\\s])${escaped(word)}\\s*[,.!?;—]`, 'iu').test(line),
  )
}

/** Only signs that mean something in a pattern may be escaped in one with the flag `u`. */
function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`)
}
