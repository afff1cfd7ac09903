import type { KeyboardEvent } from 'react'

/** Whether a press is for the page: not that with which an input method takes, or takes back, what it composes. */
export function isKey({ key, nativeEvent }: KeyboardEvent, wanted: 'Enter' | 'Escape'): boolean {
  return key === wanted && !nativeEvent.isComposing
}
