/** Whether a text is the address of a server: `http://box.local:4747`, also below a path. */
export function isServerAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/i.test(text) && URL.canParse(text)
}
