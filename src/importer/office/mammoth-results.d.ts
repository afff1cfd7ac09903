declare module 'mammoth/lib/results.js' {
  /** What Mammoth made of a part of a document, and its messages. */
  export class Result {
    messages: readonly unknown[]
  }
}
