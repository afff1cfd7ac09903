/** Whether somebody is called by this name in a line: nobody calls themselves. */
export function calls(line: string, speaker: string): boolean {
  const words = speaker.replace(/^the\s/iu, '').split(' ')
  return words.some(
    (word) => word.length > 2 && new RegExp(`(?:^|[,“‘"'«»\\s])${RegExp.escape(word)}\\s*[,.!?;—]`, 'iu').test(line),
  )
}
