declare module 'css-tree/parser' {
  import type { CssNode, ParseOptions } from 'css-tree'

  /** Reads a stylesheet Never throws: what is no CSS is skipped as the standard says. */
  const parse: (css: string, options?: ParseOptions) => CssNode
  export default parse
}
