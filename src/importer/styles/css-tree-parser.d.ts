declare module 'css-tree/parser' {
  import type { CssNode, ParseOptions } from 'css-tree'

  /** Parses a stylesheet. Never throws: invalid CSS is skipped as the standard requires. */
  const parse: (css: string, options?: ParseOptions) => CssNode
  export default parse
}
