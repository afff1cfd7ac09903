import type { CSSProperties } from 'react'
import type { AllSettings } from '../listener/setting-defaults.ts'

/** How a chapter is set, as attributes of the element around it; `chapter-page.css` reads them. */
export function readingStyle({
  typeface,
  size,
  measure,
  lineHeight,
  margins,
  justified,
}: AllSettings['reading']) {
  return {
    'data-typeface': typeface,
    'data-justified': justified,
    style: {
      '--letters': `${size}px`,
      '--measure': measure,
      '--line-height': lineHeight,
      '--margins': `${margins}px`,
    } as CSSProperties,
  }
}
