declare module '@mozilla/readability/JSDOMParser.js' {
  /** A small DOM for Readability, of well-formed markup. */
  export default class JSDOMParser {
    /** Throws for markup that is not well-formed. `url`: against which links are resolved. */
    parse(markup: string, url?: string): Document
  }
}

declare module '@mozilla/readability/Readability.js' {
  interface Article {
    readonly title?: string | null
    readonly byline?: string | null
    readonly lang?: string | null
    readonly publishedTime?: string | null
    /** Markup of what was found. */
    readonly content?: string | null
  }
  /** Finds what a page is about; changes the document. */
  export default class Readability {
    constructor(document: object, options?: { readonly maxElemsToParse?: number })
    /** `null`: nothing was found. Throws if there are too many elements. */
    parse(): Article | null
  }
}
